import type { LookupAddress } from 'node:dns';
import { describe, expect, it } from 'vitest';
import { isPublicAddress } from './address-rules.ts';
import { checkUrl, normalEgressAllow } from './check-url.ts';
import { EgressFailure } from './egress-failure.ts';
import { guardedFetch } from './guarded-fetch.ts';
import { guardedLookup, type Resolve } from './guarded-lookup.ts';

const NAMES: Record<string, string[]> = {
	'public.test': ['93.184.216.34'],
	'inside.test': ['10.1.2.3'],
	'mixed.test': ['93.184.216.34', '192.168.1.1'],
	'mixed6.test': ['2606:2800:220:1::1', 'fd00::1'],
	'mapped.test': ['::ffff:127.0.0.1'],
};
const resolve: Resolve = async (host) =>
	(NAMES[host] ?? []).map((address): LookupAddress => ({ address, family: address.includes(':') ? 6 : 4 }));

describe('addresses', () => {
	it.each(['93.184.216.34', '1.1.1.1', '2606:4700::1111', '2a00:1450:4001::200e'])('%s is public', (address) => {
		expect(isPublicAddress(address)).toBe(true);
	});
	it.each([
		...['127.0.0.1', '10.0.0.1', '172.16.0.1', '192.168.0.1', '169.254.169.254', '100.64.0.1', '0.0.0.0', '224.0.0.1'],
		...['255.255.255.255', '198.18.0.1', '203.0.113.1', '192.0.2.1', '240.0.0.1', '192.0.0.1'],
		...['::1', '::', 'fe80::1', 'fe80::1%eth0', 'fd00::1', 'fec0::1', 'ff02::1', '2001:db8::1', '::7f00:1'],
		...['::ffff:7f00:1', '::ffff:127.0.0.1', '64:ff9b::7f00:1', '2002:7f00:1::', '2001:0:1::1', '100::1'],
		...['127.1', '0x7f.1', '2130706433', 'localhost', '', 'one.one.one.one'],
	])('%s is not', (address) => {
		expect(isPublicAddress(address)).toBe(false);
	});
});

describe('a place inside', () => {
	const spellings = [
		'https://127.0.0.1/',
		'https://2130706433/',
		'https://0177.0.0.1/',
		'https://0x7f.0.0.1/',
		'https://0x7f000001/',
		'https://127.1/',
		'https://0/',
		'https://[::1]/',
		'https://[::ffff:7f00:1]/',
		'https://[::ffff:127.0.0.1]/',
		'https://[::7f00:1]/',
		'https://[64:ff9b::7f00:1]/',
		'https://[2002:7f00:1::]/',
		'https://[fe80::1]/',
		'https://[fd00::1]/',
		'https://[fe80::1%25lo]/',
		'https://169.254.169.254/latest/meta-data/',
		'https://100.64.0.1/',
		'https://localhost/',
		'https://localhost./',
		'https://LOCALHOST/',
		'https://a.localhost/',
		'https://printer.local/',
		'https://metadata.google.internal/',
		'https://router.home.arpa/',
		'https://127.0.0.1/',
		'https://①②⑦.0.0.1/',
		'https://127。0。0。1/',
		'https://public.test@127.0.0.1/',
		'https://user:password@public.test/',
		'https://public.test:8443/',
		'https://public.test:22/',
		'http://public.test/',
		'ftp://public.test/',
		'file:///etc/passwd',
		'gopher://public.test/',
		'data:text/plain,x',
		'//public.test/',
		'public.test',
		'',
		'https://',
		`https://public.test/${'a'.repeat(5000)}`,
		'https://inside.test/',
		'https://mixed.test/',
		'https://mixed6.test/',
		'https://mapped.test/',
	];
	it.each(spellings)('is not asked when it is written %s', async (text) => {
		await expect(guardedFetch(text, { allow: [], resolve })).rejects.toMatchObject({ code: 'address-refused' });
	});

	it('is not asked when it has no address at all', async () => {
		const asked = guardedFetch('https://nowhere.test/', { allow: [], resolve });
		await expect(asked).rejects.toBeInstanceOf(EgressFailure);
		await expect(asked).rejects.toMatchObject({ trouble: 'unreachable' });
	});
});

describe('a public place', () => {
	it.each([
		['https://public.test/a?b#c', 'https://public.test/a?b#c'],
		['https://public.test./', 'https://public.test/'],
		['https://public.test:443/', 'https://public.test/'],
		['https://1.1.1.1/', 'https://1.1.1.1/'],
		['https://[2606:4700::1111]/', 'https://[2606:4700::1111]/'],
	])('may be asked: %s', (text, read) => {
		expect(checkUrl(text, { allow: [], http: false }).href).toBe(read);
	});

	it('is asked at the addresses that were checked', () =>
		new Promise<void>((done) => {
			guardedLookup(resolve, false)('public.test', { all: true }, (error, addresses) => {
				expect(error).toBeNull();
				expect(addresses).toEqual([{ address: '93.184.216.34', family: 4 }]);
				done();
			});
		}));

	it('is asked over plain HTTP only by who may', () => {
		expect(checkUrl('http://public.test/', { allow: [], http: true }).href).toBe('http://public.test/');
		expect(() => checkUrl('http://public.test:443/', { allow: [], http: true })).toThrow('usual port');
	});
});

describe('what the operator allows', () => {
	it.each([
		['feeds.lab:8080', 'feeds.lab:8080'],
		['Feeds.Lab.:0080', 'feeds.lab:80'],
		['127.1:9', '127.0.0.1:9'],
		['[::1]:443', '[::1]:443'],
	])('%s is read as %s', (text, normal) => expect(normalEgressAllow(text)).toBe(normal));

	it.each(['feeds.lab', 'feeds.lab:', ':80', 'a:0', 'a:99999', 'http://a:80', 'u@a:80', 'a:80/x', 'a b:80', ''])(
		'%j is not such a thing',
		(text) => expect(normalEgressAllow(text)).toBeNull(),
	);

	it('is asked whatever its address, and nothing beside it', () => {
		const rules = { allow: ['127.0.0.1:8080', 'localhost:443'], http: false };
		expect(checkUrl('http://2130706433:8080/x', rules).href).toBe('http://127.0.0.1:8080/x');
		expect(checkUrl('https://localhost./', rules).href).toBe('https://localhost/');
		expect(() => checkUrl('http://127.0.0.1:8081/', rules)).toThrow(/may not be asked/);
		expect(() => checkUrl('http://user@127.0.0.1:8080/', rules)).toThrow(/name or a password/);
	});
});
