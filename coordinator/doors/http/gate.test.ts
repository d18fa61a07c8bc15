import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { testActor } from '../../../test/support/bare-routes.ts';
import { BY_TOKEN, DoorStage, JSON_TYPE, SESSION } from '../../../test/support/door-stage.ts';

let stage: DoorStage;
beforeEach(async () => {
	stage = await new DoorStage().start();
});
afterEach(() => stage[Symbol.asyncDispose]());

describe('who asks', () => {
	const COOKIE = { cookie: `other=1; millrace=${SESSION}` };
	const as = async (method: string, headers: Record<string, string>) => {
		const path = method === 'GET' ? '/api/v1/things/x' : '/api/v1/things';
		const answer = await stage.call(
			method,
			path,
			{ ...JSON_TYPE, ...headers },
			method === 'GET' ? null : '{"name":"a"}',
		);
		return answer.json.code ?? answer.status;
	};

	it('must be somebody', async () => {
		expect(await as('GET', {})).toBe('unauthenticated');
		expect((await stage.call('GET', '/api/v1/things/x', {})).headers['www-authenticate']).toContain('Bearer');
		expect(await as('GET', { authorization: 'Bearer mrt_other' })).toBe('unauthenticated');
		expect(await as('GET', { authorization: 'Basic YTpi' })).toBe('unauthenticated');
		expect(await as('GET', { cookie: 'millrace=old' })).toBe('unauthenticated');
		expect(await as('GET', COOKIE)).toBe(200);
		expect(await as('GET', { cookie: `__Host-millrace=${SESSION}` })).toBe(200);
	});

	it.each([
		['a write from our own page', { 'sec-fetch-site': 'same-origin' }, 202],
		['a write with our header, from no browser', { 'x-millrace-request': '1' }, 202],
		['a write with our header and our origin', { 'x-millrace-request': '1', origin: 'SELF' }, 202],
		['a write that proves nothing', {}, 'cross-site'],
		['a write by hand', { 'sec-fetch-site': 'none' }, 'cross-site'],
		['a write from another site', { 'sec-fetch-site': 'cross-site', 'x-millrace-request': '1' }, 'cross-site'],
		['a write from a neighbour', { 'sec-fetch-site': 'same-site', origin: 'http://127.0.0.1:1' }, 'cross-site'],
		['a write from another origin', { origin: 'https://evil.example', 'x-millrace-request': '1' }, 'cross-site'],
		['a write from a sandbox', { origin: 'null', 'x-millrace-request': '1' }, 'cross-site'],
	])('by cookie: %s', async (_, headers, expected) => {
		const own = Object.fromEntries(Object.entries(headers).map(([k, v]) => [k, v === 'SELF' ? stage.url : v]));
		expect(await as('POST', { ...COOKIE, ...own } as never)).toBe(expected);
	});

	it('cannot be signed in by another site', async () => {
		const signIn = async (headers: Record<string, string>) => {
			const answer = await stage.call('POST', '/api/v1/sign-in', headers);
			return answer.json.code ?? answer.json.who;
		};
		expect(await signIn({})).toBeNull();
		expect(await signIn({ origin: stage.url })).toBeNull();
		expect(await signIn({ ...COOKIE, 'x-millrace-request': '1' })).toBe(stage.actor.userId);
		expect(await signIn({ origin: 'https://evil.example' })).toBe('cross-site');
		expect(await signIn({ 'sec-fetch-site': 'cross-site' })).toBe('cross-site');
	});

	it('needs the right before anything is read', async () => {
		expect((await stage.call('GET', '/api/v1/admin')).json.code).toBe('forbidden');
		stage.actor = testActor(1, { role: 'administrator', scopes: ['files:read'] });
		expect((await stage.call('GET', '/api/v1/admin')).json.code).toBe('insufficient-scope');
		expect((await stage.call('POST', '/api/v1/things', { ...BY_TOKEN, ...JSON_TYPE }, '{')).json.code).toBe(
			'insufficient-scope',
		);
		expect((await stage.call('GET', '/api/v1/things/x')).status).toBe(200);
		stage.actor = testActor(1, { role: 'administrator' });
		expect((await stage.call('GET', '/api/v1/admin')).status).toBe(200);
	});

	it('is believed about an address only by way of our proxies', async () => {
		const spoofed = { ...BY_TOKEN, 'x-forwarded-for': '6.6.6.6, 9.9.9.9', 'x-forwarded-proto': 'https' };
		expect((await stage.call('GET', '/api/v1/things/x', spoofed)).json).toMatchObject({
			address: '127.0.0.1',
			secure: false,
		});
		await stage.restart({ trustedProxies: ['127.0.0.0/8', '9.9.9.9'] });
		expect((await stage.call('GET', '/api/v1/things/x', spoofed)).json).toMatchObject({
			address: '6.6.6.6',
			secure: true,
		});
		const odd = { ...BY_TOKEN, 'x-forwarded-for': '6.6.6.6, rubbish' };
		expect((await stage.call('GET', '/api/v1/things/x', odd)).json.address).toBe('127.0.0.1');
	});

	it('may have only a few dear requests under way', async () => {
		const four = Array.from({ length: 4 }, () => stage.call('GET', '/api/v1/held'));
		const over = await stage.call('GET', '/api/v1/held');
		expect([over.status, over.headers['retry-after'], over.json.code]).toEqual([429, '1', 'too-many-requests']);
		stage.release();
		expect((await Promise.all(four)).map(({ status }) => status)).toEqual([200, 200, 200, 200]);
		expect((await stage.call('GET', '/api/v1/held')).status).toBe(200);
	});

	it('is held to a rate as long as nobody knows who it is', async () => {
		await stage.door.close(0);
		const slow = { perSecond: 0.01, burst: 3 };
		await stage.start({ strangerRates: { requests: slow, signIns: { ...slow, burst: 2 } } });
		const codes = [];
		for (let i = 0; i < 4; i += 1) codes.push((await stage.call('GET', '/api/v1/things/x', {})).status);
		for (let i = 0; i < 3; i += 1) codes.push((await stage.call('POST', '/api/v1/sign-in', {})).status);
		expect(codes).toEqual([401, 401, 401, 429, 200, 200, 429]);
		for (let i = 0; i < 10; i += 1) expect((await stage.call('GET', '/api/v1/things/x')).status).toBe(200);
	});
});
