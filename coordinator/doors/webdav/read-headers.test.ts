import type { IncomingMessage } from 'node:http';
import { describe, expect, it } from 'vitest';
import { ClientAddresses } from '../../accounts/client-address.ts';
import { addressOf, OwnHosts, readAddress } from './read-address.ts';
import { readDepth, readDestination, readLockToken, readOverwrite, readTimeout } from './read-headers.ts';

const refused = (code: string) => expect.objectContaining({ code });

describe('headers', () => {
	it('say how deep', () => {
		expect(readDepth({})).toBeNull();
		expect([readDepth({ depth: '0' }), readDepth({ depth: '1' }), readDepth({ depth: 'Infinity' })]).toEqual([
			...[0, 1, 'infinity'],
		]);
		for (const depth of ['2', '', '-1', '1,noroot', '0, 1']) {
			expect(() => readDepth({ depth }), depth).toThrow(refused('bad-request'));
		}
	});

	it('say whether to overwrite', () => {
		expect([readOverwrite({}), readOverwrite({ overwrite: 't' }), readOverwrite({ overwrite: 'F' })]).toEqual([
			...[true, true, false],
		]);
		expect(() => readOverwrite({ overwrite: 'yes' })).toThrow(refused('bad-request'));
	});

	it.each([
		[undefined, 600],
		['Second-300', 300],
		['Infinite, Second-4100000000', Number.POSITIVE_INFINITY],
		['Second-99999999999999999999, second-70', 70],
		['Second-4100000000', 4_100_000_000],
		['soon', 600],
	])('say how long a lock lasts: %s', (timeout, seconds) => {
		expect(readTimeout({ timeout })).toBe(seconds * 1_000);
	});

	it('name a lock', () => {
		expect(readLockToken({ 'lock-token': ' <urn:x> ' })).toBe('urn:x');
		expect(readLockToken({})).toBeNull();
		for (const bad of ['urn:x', '<>', '<a> <b>', '']) {
			expect(() => readLockToken({ 'lock-token': bad }), bad).toThrow(refused('bad-request'));
		}
		expect(() => readDestination({})).toThrow(refused('bad-request'));
	});
});

describe('an address', () => {
	it.each([
		['/dav', { area: 'top' }],
		['/dav/', { area: 'top' }],
		['/dav/files', { area: 'files', names: [] }],
		['/dav/files/', { area: 'files', names: [] }],
		['/dav/files/a%20b/c%3Fd%23/', { area: 'files', names: ['a b', 'c?d#'] }],
		['/dav/files/%252e%252e', { area: 'files', names: ['%2e%2e'] }],
		['/dav/datasets/d/x', { area: 'datasets', names: ['d', 'x'] }],
	])('%s means a place', (address, place) => {
		expect(readAddress(address)).toEqual(place);
	});

	it.each([
		...[
			'/dav//',
			'/dav//files',
			'/dav/files//',
			'/dav/files//a',
			'/dav/files/a//',
			'/dav/files/a%2fb',
			'/dav/files/..',
		],
		...[
			'/dav/files/%2e%2e/x',
			'/dav/files/.%2E',
			'/dav/files/%00',
			'/dav/files/%ff',
			'/dav/files/%',
			'/dav/files/a#b',
			'/dav/files/a?b',
			'/dav/?',
		],
		...[`/dav/files/${'x'.repeat(300)}`, `/dav/files/${'x/'.repeat(80)}`],
	])('%s means none', (address) => {
		expect(() => readAddress(address)).toThrow(refused('bad-path'));
	});

	it('outside of the areas is that of nothing', () => {
		for (const address of ['/dav/x', '/dav/Files/a']) expect(() => readAddress(address)).toThrow(refused('not-found'));
	});

	it('is written so that it is read as the same', () => {
		const names = ['?', '#', '%', '+ &<>"\'', 'é', '\u{1f600}', 'CON', 'a'.repeat(255)];
		const address = addressOf({ area: 'files', names }, true);
		expect(address).toMatch(/^\/dav\/files\/[\w!~*'().%/-]+\/$/);
		expect(readAddress(address)).toEqual({ area: 'files', names });
	});
});

describe('an address in a header', () => {
	const hosts = new OwnHosts({ addresses: new ClientAddresses(['10.0.0.1']), origins: ['https://drive.example.org'] });
	const asked = (peer: string, headers: Record<string, string> = {}) =>
		({ headers: { host: 'here:8080', ...headers }, socket: { remoteAddress: peer } }) as unknown as IncomingMessage;
	const request = asked('10.0.0.2', { 'x-forwarded-host': 'front' });
	const a = { area: 'files', names: ['a'] };

	it.each([
		['/dav/files/a', a],
		['http://here:8080/dav/files/a', a],
		['HTTPS://HERE:8080/dav/files/a', a],
		['https://drive.example.org/dav/files/a', a],
		['https://drive.example.org:443/dav/files/a', a],
		['http://drive.example.org/dav/files/a', a],
		['http://here/dav/files/a', null],
		['http://elsewhere/dav/files/a', null],
		['http://front/dav/files/a', null],
		['http://here:8080/davy/a', null],
		['http://here:8080/', null],
	])('%s', (reference, place) => {
		expect(hosts.place(request, reference)).toEqual(place);
	});

	it('may name the host that a trusted proxy was asked for', () => {
		const proxied = asked('10.0.0.1', { 'x-forwarded-host': 'outer, front' });
		expect(hosts.place(proxied, 'https://front/dav/files/a')).toEqual(a);
	});

	it.each(['', 'dav/files/a', 'ftp://here/x', 'http://u@here:8080/dav/files/a', '/dav\\files', 'http:///dav'])(
		'is refused as %s',
		(reference) => {
			expect(() => hosts.place(request, reference)).toThrow(refused('bad-request'));
		},
	);

	it('is decoded once, and as strictly as that of a request', () => {
		for (const bad of ['/dav/files/%2e%2e/a', 'http://here:8080/dav/files/../a', '/dav/files/a%00', '/dav/files/a?b']) {
			expect(() => hosts.place(request, bad), bad).toThrow(refused('bad-path'));
		}
	});
});
