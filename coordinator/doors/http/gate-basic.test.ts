import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { AccountRoom, GOOD_PASSWORD } from '../../../test/support/account-room.ts';
import { DoorStage } from '../../../test/support/door-stage.ts';
import { SYSTEM } from '../../audit/doer.ts';
import type { HttpDoorOptions } from './http-door.ts';

const LOOKING = ['GET', 'OPTIONS', 'PROPFIND'];

let room: AccountRoom;
let stage: DoorStage;
let more: Partial<HttpDoorOptions>;
let refused: string[];
let named = 0;
beforeEach(async () => {
	room = await AccountRoom.open();
	await room.user('ada');
	refused = [];
	more = {
		accounts: room.accounts,
		mounts: [
			{
				prefix: '/dav',
				scheme: 'basic',
				access: (method) => ({ verb: LOOKING.includes(method) ? 'read' : 'write', kind: 'file' }),
				handle: async (_, response, { username, address }) => void response.end(`${username} from ${address}`),
			},
		],
		onRefused: ({ actor, verb }) => refused.push(`${actor.username} ${verb}`),
	};
	stage = await new DoorStage().start(more);
});
afterEach(async () => {
	await stage[Symbol.asyncDispose]();
	await room[Symbol.asyncDispose]();
});

const basic = (username: string, password: string) => ({
	authorization: `Basic ${Buffer.from(`${username}:${password}`).toString('base64')}`,
});
const ask = async (headers: Record<string, string>, method = 'PROPFIND') => {
	const answer = await stage.call(method, '/dav/files/', headers);
	return answer.status === 200 ? answer.text : (answer.json?.code ?? answer.status);
};
const newPassword = async (access: 'read-write' | 'read-only' = 'read-write') => {
	const { actor } = await room.signIn('ada');
	const name = `drive ${++named}`;
	return { actor, ...(await room.accounts.credentials.createAppPassword(actor, { name, access })) };
};

describe('a mount for names and app passwords', () => {
	it('asks who shows nothing in the way that programs understand, and problem documents elsewhere as ever', async () => {
		const answer = await stage.call('PROPFIND', '/dav/files/', {});
		expect(answer).toMatchObject({ status: 401, json: { code: 'unauthenticated' } });
		expect(answer.headers['www-authenticate']).toBe('Basic realm="Millrace", charset="UTF-8"');
		expect((await stage.call('GET', '/api/v1/things/x', {})).headers['www-authenticate']).toContain('Bearer');
	});

	it('takes the name with the app password, and no other proof', async () => {
		const { password, actor } = await newPassword();
		expect(await ask(basic('ada', password))).toBe('ada from 127.0.0.1');
		expect(await ask(basic('ADA', password.replaceAll('-', '')))).toBe('ada from 127.0.0.1');
		const { token } = await room.accounts.credentials.createToken(actor, { name: 'script' });
		const { secret } = await room.signIn('ada');
		await room.user('eve');
		for (const headers of [
			basic('ada', GOOD_PASSWORD),
			basic('eve', password),
			basic('', password),
			basic('ada', token),
			{ authorization: `Bearer ${token}` },
			{ authorization: `Bearer ${password}` },
			{ authorization: 'Basic rubbish!' },
			{ authorization: `Basic ${'YWRh'.repeat(300)}` },
			{ cookie: `millrace=${secret}`, 'x-millrace-request': '1' },
		] as Record<string, string>[]) {
			expect(await ask(headers)).toBe('unauthenticated');
		}
		expect((await stage.call('GET', '/api/v1/things/x', basic('ada', password))).status).toBe(401);
	});

	it('takes no changes from another site’s page, which a browser may add the password to', async () => {
		const { password } = await newPassword();
		for (const from of [{ origin: 'https://evil.example' }, { 'sec-fetch-site': 'cross-site' }]) {
			const headers = { ...basic('ada', password), ...from } as Record<string, string>;
			expect(await ask(headers, 'PUT')).toBe('cross-site');
			expect(await ask(headers, 'GET')).toBe('ada from 127.0.0.1');
		}
		expect(await ask({ ...basic('ada', password), origin: stage.url }, 'PUT')).toBe('ada from 127.0.0.1');
	});

	it('counts wrong tries with the defender, and never bans who knows the right one', async () => {
		const { password } = await newPassword();
		for (let i = 0; i < 14; i++) expect(await ask(basic('ada', `${GOOD_PASSWORD}${i}`))).toBe('unauthenticated');
		expect(await ask(basic('ada', GOOD_PASSWORD))).toBe('banned');
		await expect(room.signIn('ada', { address: '127.0.0.1' })).rejects.toMatchObject({ code: 'banned' });
		expect(await ask(basic('ada', password))).toBe('ada from 127.0.0.1');
	});

	it('forgets a password that is taken back and a person who is disabled at once', async () => {
		const { password, id, actor } = await newPassword();
		const other = await newPassword();
		expect(await ask(basic('ada', password))).toBe('ada from 127.0.0.1');
		await room.accounts.credentials.revoke(actor, 'app-password', id);
		expect(await ask(basic('ada', password))).toBe('unauthenticated');
		expect(await ask(basic('ada', other.password))).toBe('ada from 127.0.0.1');
		await room.accounts.users.change(actor.userId, { disabled: true }, SYSTEM);
		expect(await ask(basic('ada', other.password))).toBe('unauthenticated');
	});

	it('lets a read-only password look only, and tells of refusals', async () => {
		const { password } = await newPassword('read-only');
		for (const method of LOOKING) {
			expect(await ask(basic('ada', password), method)).toBe('ada from 127.0.0.1');
		}
		for (const method of ['PUT', 'DELETE', 'MKCOL', 'MOVE', 'COPY', 'LOCK', 'UNLOCK', 'PROPPATCH', 'POST', 'SEARCH']) {
			expect(await ask(basic('ada', password), method)).toBe('insufficient-scope');
		}
		expect(refused).toHaveLength(10);
		expect(new Set(refused)).toEqual(new Set(['ada write']));
	});
});

describe('a password over plain HTTP', () => {
	const elsewhere = { host: 'mill.example' };

	it('is refused unless it stays on this machine, before it is looked at', async () => {
		const { password } = await newPassword();
		room.lookups();
		for (const headers of [elsewhere, { 'x-forwarded-for': '192.0.2.7' }, { 'x-forwarded-proto': 'https' }]) {
			expect(await ask({ ...basic('ada', password), ...headers } as never)).toBe('insecure-transport');
		}
		const asked = await stage.call('OPTIONS', '/dav/', elsewhere);
		expect([asked.status, asked.headers['www-authenticate']]).toEqual([403, undefined]);
		expect(room.lookups()).toBe(0);
	});

	it('is refused with the address to use instead, where one is known', async () => {
		const said = async () => (await stage.call('PROPFIND', '/dav/files/', elsewhere)).json?.detail;
		expect(await said()).toContain('ask your administrator');
		await stage.restart({ ...more, origins: ['https://mill.example'] });
		expect(await said()).toContain('Use the address that begins with https://mill.example/ instead.');
		await stage.restart({ ...more, origins: ['http://mill.example'] });
		expect(await said()).toContain('ask your administrator');
	});

	it('is taken when a proxy of ours says that it came by TLS', async () => {
		const { password } = await newPassword();
		await stage.restart({ ...more, trustedProxies: ['127.0.0.1'] });
		const from = { ...basic('ada', password), ...elsewhere, 'x-forwarded-for': '192.0.2.7' };
		expect(await ask({ ...from, 'x-forwarded-proto': 'https' })).toBe('ada from 192.0.2.7');
		expect(await ask({ ...from, 'x-forwarded-proto': 'http' })).toBe('insecure-transport');
		expect(await ask(from)).toBe('insecure-transport');
	});

	it('is taken when the administrator allows it', async () => {
		const { password } = await newPassword();
		await stage.restart({ ...more, allowPlainBasic: true });
		expect(await ask({ ...basic('ada', password), ...elsewhere })).toBe('ada from 127.0.0.1');
		expect(await ask({ ...basic('ada', GOOD_PASSWORD), ...elsewhere })).toBe('unauthenticated');
	});
});
