import type { IncomingMessage } from 'node:http';
import { describe, expect, it } from 'vitest';
import { ClientAddresses } from './client-address.ts';

const from = (remoteAddress: string, headers: Record<string, string> = {}, encrypted = false) =>
	({ socket: { remoteAddress, encrypted }, headers }) as unknown as IncomingMessage;

describe('where a request comes from', () => {
	it.each([
		[[], '192.0.2.1', '6.6.6.6', '192.0.2.1'],
		[[], '::ffff:192.0.2.1', undefined, '192.0.2.1'],
		[['10.0.0.0/8'], '192.0.2.1', '6.6.6.6', '192.0.2.1'],
		[['10.0.0.0/8'], '10.1.2.3', undefined, '10.1.2.3'],
		[['10.0.0.0/8'], '::ffff:10.1.2.3', '192.0.2.1', '192.0.2.1'],
		[['10.0.0.0/8'], '10.1.2.3', '6.6.6.6, 192.0.2.1', '192.0.2.1'],
		[['10.0.0.0/8'], '10.1.2.3', '6.6.6.6, 192.0.2.1, 10.9.9.9', '192.0.2.1'],
		[['10.0.0.0/8'], '10.1.2.3', '10.4.4.4', '10.4.4.4'],
		[['10.0.0.0/8'], '10.1.2.3', '192.0.2.1, rubbish', '10.1.2.3'],
		[['10.0.0.1'], '10.0.0.2', '6.6.6.6', '10.0.0.2'],
		[['2001:db8::/32', '::1'], '2001:db8::5', '2001:db9::1', '2001:db9::1'],
	])('proxies %j, peer %s, forwarded for %s: %s', (trusted, peer, forwarded, address) => {
		const addresses = new ClientAddresses(trusted);
		const headers: Record<string, string> = forwarded === undefined ? {} : { 'x-forwarded-for': forwarded };
		expect(addresses.of(from(peer, headers))).toBe(address);
	});

	it('is safe when it, or a proxy of ours, speaks TLS', () => {
		const addresses = new ClientAddresses(['10.0.0.1']);
		const https = { 'x-forwarded-proto': 'https' };
		expect(addresses.isSecure(from('192.0.2.1', {}, true))).toBe(true);
		expect(addresses.isSecure(from('10.0.0.1', https))).toBe(true);
		expect(addresses.isSecure(from('192.0.2.1', https))).toBe(false);
		expect(addresses.isSecure(from('10.0.0.1', { 'x-forwarded-proto': 'https, http' }))).toBe(false);
		expect(addresses.isSecure(from('10.0.0.1'))).toBe(false);
	});

	it.each([
		['127.0.0.1', 'localhost:8080', {}, true],
		['::ffff:127.0.0.1', '127.0.0.1', {}, true],
		['::1', '[::1]:8080', {}, true],
		['192.0.2.1', 'localhost', {}, false],
		['127.0.0.1', 'mill.example', {}, false],
		['127.0.0.1', '', {}, false],
		['127.0.0.1', 'localhost', { 'x-forwarded-for': '127.0.0.1' }, false],
		['127.0.0.1', 'localhost', { via: '1.1 proxy' }, false],
		['127.0.0.9', 'localhost', {}, false],
	])('peer %s asking %s with %j is on this machine: %s', (peer, host, headers, here) => {
		const addresses = new ClientAddresses(['127.0.0.9']);
		expect(addresses.isFromHere(from(peer, { host, ...headers }))).toBe(here);
	});

	it.each(['localhost', '10.0.0.0/33', '10.0.0/8', '10.0.0.1/x', ''])('no proxy is called %s', (entry) => {
		expect(() => new ClientAddresses([entry])).toThrow(RangeError);
	});
});
