import { pino } from 'pino';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { createAppPassword, deleteAppPassword, listAppPasswords } from '../../../../shared/client/app-passwords.ts';
import { HttpClient } from '../../../../shared/client/http-client.ts';
import {
	changePassword,
	endSession,
	isSetupNeeded,
	listSessions,
	readMe,
	setUp,
	signIn,
	signInForCookie,
	signOut,
} from '../../../../shared/client/session.ts';
import { createToken, deleteToken, listTokens } from '../../../../shared/client/tokens.ts';
import { createUser, listUsers } from '../../../../shared/client/users.ts';
import { AccountRoom, GOOD_PASSWORD } from '../../../../test/support/account-room.ts';
import { HttpDoor } from '../http-door.ts';
import { appPasswordRoutes } from './app-passwords.ts';
import { auditRoutes } from './audit.ts';
import { banRoutes } from './bans.ts';
import { passwordLinkRoutes } from './password-links.ts';
import { sessionRoutes } from './session.ts';
import { tokenRoutes } from './tokens.ts';
import { userAccessRoutes } from './user-access.ts';
import { userRoutes } from './users.ts';

const STORAGE = { quotaBytes: null, quotaFiles: 10, nearlyFull: false };
const DRIVE = 'https://mill.example/dav/files/';

let room: AccountRoom;
let door: HttpDoor;
let url: string;

beforeEach(async () => {
	room = await AccountRoom.open();
	const { accounts, audit } = room;
	door = await HttpDoor.open({
		accounts,
		announcer: room.announcer,
		logger: pino({ level: 'silent' }),
		routes: [
			...sessionRoutes({
				accounts,
				storageOf: async (ownerSeq) => ({ ...STORAGE, usedBytes: ownerSeq * 100, files: ownerSeq }),
			}),
			...tokenRoutes({ accounts }),
			...appPasswordRoutes({ accounts }, DRIVE),
			...userRoutes({
				accounts,
				storagesOf: async (seqs) => seqs.map((seq) => ({ ...STORAGE, usedBytes: seq * 100, files: seq })),
			}),
			...userAccessRoutes({ accounts }),
			...passwordLinkRoutes({ accounts }),
			...banRoutes({ accounts }),
			...auditRoutes({ audit }),
		],
		pagesFolder: null,
		checkAnswers: true,
	});
	url = `http://127.0.0.1:${(await door.listen('127.0.0.1', 0)).port}`;
});
afterEach(async () => {
	await door.close();
	await room[Symbol.asyncDispose]();
});

/** The door itself checks the answers' shapes here. */
const anything = z.any();
const anybody = () => new HttpClient({ baseUrl: url, auth: { kind: 'none' } });
const withCookie = async (username: string, password = GOOD_PASSWORD) =>
	new HttpClient({
		baseUrl: url,
		auth: { kind: 'cookie', cookie: await signInForCookie(anybody(), { username, password }) },
	});
const withToken = (token: string) => new HttpClient({ baseUrl: url, auth: { kind: 'token', token } });
const refusal = (attempt: Promise<unknown>) =>
	attempt.then(
		() => null,
		(error: unknown) => (error as { code: string }).code,
	);

describe('through the HTTP door', () => {
	it('the first administrator is made with the set-up token, signs in, sees and ends sessions', async () => {
		expect(await isSetupNeeded(anybody())).toBe(true);
		const token = (await room.accounts.setup.issueToken())!;
		await setUp(anybody(), { token, username: 'root', password: GOOD_PASSWORD });
		expect(await isSetupNeeded(anybody())).toBe(false);
		expect(await refusal(setUp(anybody(), { token, username: 'eve', password: GOOD_PASSWORD }))).toBe(
			'setup-token-invalid',
		);

		const me = await signIn(anybody(), { username: 'root', password: GOOD_PASSWORD });
		expect(me).toMatchObject({ username: 'root', role: 'administrator', via: 'session', scopes: null });
		expect(me.storage).toMatchObject({ usedBytes: 100, files: 1, quotaFiles: 10 });
		const here = await withCookie('root');
		const there = await withCookie('root');
		expect(await readMe(here)).toEqual(me);
		const sessions = await listSessions(here);
		expect(sessions.items).toHaveLength(3);
		expect(sessions.items.filter((session) => session.current)).toHaveLength(1);
		for (const session of sessions.items) if (!session.current) await endSession(here, session.id);
		expect(await refusal(readMe(there))).toBe('unauthenticated');
		await signOut(here);
		expect(await refusal(readMe(here))).toBe('unauthenticated');
		await signOut(here);
	});

	it('the session’s cookie is guarded on this machine, and a cookie from before the sign-in is never taken over', async () => {
		await room.user('ada');
		const body = JSON.stringify({ username: 'ada', password: GOOD_PASSWORD });
		const post = (headers: Record<string, string>) =>
			fetch(`${url}/api/v1/session`, {
				method: 'POST',
				body,
				headers: { 'content-type': 'application/json', ...headers },
			});
		const planted = 'A'.repeat(43);
		const answer = await post({ cookie: `__Host-millrace=${planted}`, 'x-millrace-request': '1' });
		const cookie = answer.headers.get('set-cookie')!;
		expect(cookie).toMatch(/^__Host-millrace=[\w-]{43}; Path=\/; Max-Age=86400; HttpOnly; SameSite=Lax; Secure$/);
		expect(cookie).not.toContain(planted);
		const old = cookie.split(';')[0]!;
		await post({ cookie: old, 'x-millrace-request': '1' });
		const stillThere = await fetch(`${url}/api/v1/me`, { headers: { cookie: old } });
		expect(stillThere.status).toBe(401);
	});

	it('whoever holds a token may end it by signing out, whatever its scopes', async () => {
		await room.user('ada');
		const http = await withCookie('ada');
		const [kept, ended] = [
			await createToken(http, { name: 'a' }),
			await createToken(http, { name: 'b', scopes: ['files:read'] }),
		];
		const holder = new HttpClient({ baseUrl: url, auth: { kind: 'token', token: ended.token } });
		await signOut(holder);
		await expect(readMe(holder)).rejects.toMatchObject({ code: 'unauthenticated' });
		expect((await listTokens(http)).items.map(({ id }) => id)).toEqual([kept.id]);
	});

	it('tokens and app passwords are made, listed and deleted, each shown once', async () => {
		await room.user('ada');
		const ada = await withCookie('ada');
		const { id, token } = await createToken(ada, {
			name: 'ci',
			scopes: ['files:read'],
			expiresAt: '2100-01-01T00:00:00Z',
		});
		expect(token).toMatch(/^mrt_[\w-]{43}$/);
		expect(await readMe(withToken(token))).toMatchObject({ via: 'token', scopes: ['files:read'] });
		expect(await refusal(listTokens(withToken(token)))).toBe('insufficient-scope');
		await expect(listTokens(withToken(token))).rejects.toThrow('is for everybody');
		const { items } = await listTokens(ada);
		expect(items).toMatchObject([{ id, name: 'ci', expiresAt: '2100-01-01T00:00:00.000Z', lastUsedAt: null }]);
		expect(JSON.stringify(items)).not.toContain(token);
		for (const name of [' ', 'red\u001b[31m', 'two\nlines', 'back\u202ewards']) {
			expect(await refusal(createToken(ada, { name })), JSON.stringify(name)).toBe('invalid');
		}
		expect(await refusal(createToken(ada, { name: 'late', expiresAt: '2001-01-01T00:00:00Z' }))).toBe('invalid');
		await deleteToken(ada, id);
		expect(await refusal(readMe(withToken(token)))).toBe('unauthenticated');
		const made = await createAppPassword(ada, { name: 'drive' });
		expect(made.driveUrl).toBe(DRIVE);
		const seen = await createAppPassword(ada, { name: ' viewer ', access: 'read-only' });
		expect(await listAppPasswords(ada)).toMatchObject({
			items: [
				{ id: seen.id, name: 'viewer', access: 'read-only', lastUsedAt: null },
				{ id: made.id, name: 'drive', access: 'read-write' },
			],
			driveUrl: DRIVE,
		});
		expect(await refusal(createAppPassword(ada, { name: 'Drive' }))).toBe('name-taken');
		await expect(createAppPassword(ada, { name: ' ' })).rejects.toMatchObject({
			code: 'invalid',
			message: 'name: must not be empty.',
		});
		expect(await refusal(createAppPassword(ada, { name: 'x', access: 'admin' as 'read-only' }))).toBe('invalid');
		for (const { id } of [made, seen]) await deleteAppPassword(ada, id);
		expect((await listAppPasswords(ada)).items).toEqual([]);
		await createAppPassword(ada, { name: 'drive' });
	});

	it('a changed password ends the other sessions', async () => {
		await room.user('ada');
		const here = await withCookie('ada');
		const there = await withCookie('ada');
		expect(await refusal(changePassword(here, { current: 'wrong', new: 'another pony with maps' }))).toBe(
			'bad-credentials',
		);
		room.pass(1_000);
		await changePassword(here, { current: GOOD_PASSWORD, new: 'another pony with maps' });
		expect(await refusal(readMe(there))).toBe('unauthenticated');
		expect((await readMe(here)).username).toBe('ada');
	});

	it('administrators manage users, and nobody else does', async () => {
		await room.user('root', 'administrator');
		await room.user('ada', 'operator');
		const root = await withCookie('root');
		const ada = await withCookie('ada');
		const { id } = await createUser(root, { username: 'bob', password: GOOD_PASSWORD });
		expect((await listUsers(root)).items.map((user) => [user.username, user.role])).toEqual([
			['root', 'administrator'],
			['ada', 'operator'],
			['bob', 'user'],
		]);
		expect(await refusal(createUser(root, { username: 'BOB', password: GOOD_PASSWORD }))).toBe('name-taken');
		expect(await refusal(createUser(root, { username: 'eve', password: 'password1' }))).toBe('password-refused');
		expect(await refusal(createUser(root, { username: 'eve', password: 'x'.repeat(129) }))).toBe('password-refused');
		expect(await refusal(createUser(root, { username: '../eve', password: GOOD_PASSWORD }))).toBe('invalid');
		expect(await refusal(createUser(ada, { username: 'eve', password: GOOD_PASSWORD }))).toBe('forbidden');
		const bob = await withCookie('bob');
		await root.call('PATCH', `/api/v1/admin/users/${id}`, { body: { role: 'operator', disabled: true } });
		expect(await refusal(readMe(bob))).toBe('unauthenticated');
		await root.call('POST', `/api/v1/admin/users/${id}:reset-password`, { body: { password: 'given by the boss 7' } });
		await root.call('PATCH', `/api/v1/admin/users/${id}`, { body: { disabled: false } });
		expect(await readMe(await withCookie('bob', 'given by the boss 7'))).toMatchObject({ role: 'operator' });
		const rootId = (await readMe(root)).id;
		expect(await refusal(root.call('PATCH', `/api/v1/admin/users/${rootId}`, { body: { disabled: true } }))).toBe(
			'last-administrator',
		);
		expect(await refusal(root.call('PATCH', `/api/v1/admin/users/${rootId}`, { body: { rolle: 'user' } }))).toBe(
			'invalid',
		);
		const missing = `/api/v1/admin/users/usr_${'0'.repeat(26)}`;
		expect(await refusal(root.call('GET', missing))).toBe('not-found');
	});

	it('wrong tries end in a ban that an administrator who is signed in sees, lifts and finds in the audit log', async () => {
		await room.user('root', 'administrator');
		const root = await withCookie('root');
		const guess = () => refusal(signIn(anybody(), { username: 'nobody', password: 'wrong' }));
		const codes: (string | null)[] = [];
		for (let i = 0; i < 20; i++) codes.push(await guess());
		expect(codes[0]).toBe('bad-credentials');
		expect(codes.at(-1)).toBe('banned');
		const bans = (await root.json('GET', '/api/v1/admin/bans', anything)) as { items: { address: string }[] };
		expect(bans.items).toMatchObject([{ address: '127.0.0.1' }]);
		await root.call('DELETE', '/api/v1/admin/bans/127.0.0.1');
		expect(await refusal(root.call('DELETE', '/api/v1/admin/bans/127.0.0.1'))).toBe('not-found');
		const log = (await root.json('GET', '/api/v1/admin/audit', anything, {
			query: { action: 'address.unban' },
		})) as { items: { actor: string; address: string }[] };
		expect(log.items).toMatchObject([{ actor: (await readMe(root)).id, address: '127.0.0.1' }]);
		expect(await root.json('POST', '/api/v1/admin/audit:verify', anything)).toMatchObject({ ok: true });
		room.db.prepare(`UPDATE audit_log SET address = '8.8.8.8' WHERE seq = 2`).run();
		const verdict = await root.json('POST', '/api/v1/admin/audit:verify', anything);
		expect(verdict).toEqual({ ok: false, firstBad: 2 });
	});

	it.each([
		['POST', '/api/v1/session', '[]'],
		['POST', '/api/v1/session', '{"username":"a"}'],
		['POST', '/api/v1/session', '{"username":"a","password":"b","remember":true}'],
		['POST', '/api/v1/session', '{"username":{"$ne":null},"password":"b"}'],
		['POST', '/api/v1/setup', '{"token":"x","username":"a b","password":"y"}'],
	])('%s %s refuses %s', async (method, path, body) => {
		const answer = await fetch(url + path, { method, body, headers: { 'content-type': 'application/json' } });
		expect(answer.status).toBe(422);
		expect(await answer.json()).toMatchObject({ code: 'invalid' });
	});
});
