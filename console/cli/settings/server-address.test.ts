import { describe, expect, it } from 'vitest';
import { serverAddress } from './server-address.ts';

const secure = { insecureHttp: false };

describe('serverAddress', () => {
	it.each([
		['https://millrace.example/', 'https://millrace.example'],
		['millrace.example', 'https://millrace.example'],
		['localhost:8080', 'http://localhost:8080'],
		['127.0.0.1:8080', 'http://127.0.0.1:8080'],
		['http://[::1]:8080', 'http://[::1]:8080'],
		['http://127.9.9.9', 'http://127.9.9.9'],
		['HTTPS://Millrace.Example/prefix/', 'https://millrace.example/prefix'],
	])('takes %s as %s', (text, url) => {
		expect(serverAddress(text, secure)).toBe(url);
	});

	it.each([
		'http://millrace.example',
		'http://192.168.1.5:8080',
		'http://127.0.0.1.evil.example',
		'http://localhost.evil.example',
		'http://[::2]',
		'http://0.0.0.0:8080',
	])('refuses plain HTTP to %s unless that was agreed to', (text) => {
		expect(() => serverAddress(text, secure)).toThrow('--insecure-http');
		expect(serverAddress(text, { insecureHttp: true })).toMatch(/^http:/);
	});

	it.each([
		'',
		'ftp://millrace.example',
		'https://',
		'https://ada:secret@millrace.example',
		'https://x.example/?a',
		'https://x.example/#a',
		'file:///etc/passwd',
	])('refuses %s', (text) => {
		expect(() => serverAddress(text, secure)).toThrow();
	});
});
