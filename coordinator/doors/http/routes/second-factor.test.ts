import { pino } from 'pino';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { HttpClient } from '../../../../shared/client/http-client.ts';
import {
	beginSecondFactor,
	confirmSecondFactor,
	readSecondFactor,
	removeSecondFactor,
	setSecondFactorRule,
} from '../../../../shared/client/second-factor.ts';
import {
	changePassword,
	confirmSession,
	endOtherSessions,
	listSessions,
	readMe,
	signIn,
	signInForCookie,
} from '../../../../shared/client/session.ts';
import { createToken } from '../../../../shared/client/tokens.ts';
import { changeUser, createUser, listUsers, resetSecondFactor } from '../../../../shared/client/users.ts';
import { AccountRoom, GOOD_PASSWORD } from '../../../../test/support/account-room.ts';
import { CodesOf } from '../../../../test/support/codes.ts';
import { HttpDoor } from '../http-door.ts';
import { secondFactorRoutes } from './second-factor.ts';
import { sessionRoutes } from './session.ts';
import { tokenRoutes } from './tokens.ts';
import { userAccessRoutes } from './user-access.ts';
import { userRoutes } from './users.ts';

const MINUTE_MS = 60_000;
const STORAGE = { usedBytes: 0, files: 0, quotaBytes: null, quotaFiles: null, nearlyFull: false };

let room: AccountRoom;
let door: HttpDoor;
let url: string;
let refused: string[];
beforeEach(async () => {
	refused = [];
	room = await AccountRoom.open();
	const { accounts } = room;
	door = await HttpDoor.open({
		accounts,
		announcer: room.announcer,
		logger: pino({ level: 'silent' }),
		routes: [
			...sessionRoutes({ accounts, storageOf: async () => STORAGE }),
			...tokenRoutes({ accounts }),
			...userRoutes({ accounts, storagesOf: async (seqs) => seqs.map(() => STORAGE) }),
			...secondFactorRoutes({ accounts }),
			...userAccessRoutes({ accounts }),
		],
		onRefused: ({ kind, code }) => refused.push(`${kind} ${code}`),
		pagesFolder: null,
		checkAnswers: true,
		now: () => room.clock.now,
	});
	url = `http://127.0.0.1:${(await door.listen('127.0.0.1', 0)).port}`;
	await room.user('root', 'administrator');
});
afterEach(async () => {
	await door.close();
	await room[Symbol.asyncDispose]();
});

const anybody = () => new HttpClient({ baseUrl: url, auth: { kind: 'none' } });
const withToken = (token: string) => new HttpClient({ baseUrl: url, auth: { kind: 'token', token } });
const withCookie = async (username: string, code?: string) => {
	const cookie = await signInForCookie(anybody(), { username, password: GOOD_PASSWORD, code });
	return new HttpClient({ baseUrl: url, auth: { kind: 'cookie', cookie } });
};
const refusal = (attempt: Promise<unknown>) =>
	attempt.then(
		() => 'done',
		(error: unknown) => (error as { code: string }).code,
	);
const enrol = async (http: HttpClient) => {
	const { secret, uri } = await beginSecondFactor(http);
	const app = new CodesOf(secret, () => room.clock.now);
	const { recoveryCodes } = await confirmSecondFactor(http, app.next());
	return { app, uri, recoveryCodes };
};

describe('signing in with a second factor', () => {
	it('asks for the code in the same request, and takes a recovery code as well', async () => {
		const root = await withCookie('root');
		expect(await readSecondFactor(root)).toEqual({
			enabled: false,
			since: null,
			recoveryCodesLeft: 0,
			required: false,
		});
		const { app, uri, recoveryCodes } = await enrol(root);
		expect(uri).toMatch(/^otpauth:\/\/totp\//);
		const who = { username: 'root', password: GOOD_PASSWORD };
		expect(await refusal(signIn(anybody(), who))).toBe('second-factor-required');
		expect(await refusal(signIn(anybody(), { ...who, password: 'wrong one' }))).toBe('bad-credentials');
		room.pass(MINUTE_MS);
		expect(await signIn(anybody(), { ...who, code: app.next() })).toMatchObject({ username: 'root', mustEnrol: false });
		expect(await signIn(anybody(), { ...who, code: recoveryCodes[0] })).toMatchObject({ username: 'root' });
		await removeSecondFactor(root);
		expect(await refusal(signIn(anybody(), who))).toBe('done');
		expect(await refusal(removeSecondFactor(root))).toBe('wrong-state');
	});

	it('is for administrators where they must: until then everything else is refused, but tokens go on', async () => {
		const root = await withCookie('root');
		await createUser(root, { username: 'second', password: GOOD_PASSWORD, role: 'administrator' });
		const second = await withCookie('second');
		const { token } = await createToken(second, { name: 'ci' });
		const { app } = await enrol(root);
		await setSecondFactorRule(root, { roles: ['administrator'] });
		for (const http of [second, await withCookie('second')]) {
			expect(await refusal(listUsers(http))).toBe('second-factor-enrolment-required');
			expect(await refusal(createToken(http, { name: 'x' }))).toBe('second-factor-enrolment-required');
			expect(await refusal(listSessions(http))).toBe('second-factor-enrolment-required');
			expect(await readMe(http)).toMatchObject({ mustEnrol: true });
		}
		expect(await refusal(listUsers(withToken(token)))).toBe('done');
		await enrol(second);
		expect(await refusal(listUsers(second))).toBe('done');
		expect(await readMe(second)).toMatchObject({ mustEnrol: false });
		// Who has lost it is helped by another administrator.
		const { items } = await listUsers(root);
		const found = items.find(({ username }) => username === 'second');
		expect(found?.secondFactor).toBe(true);
		await resetSecondFactor(root, found!.id);
		expect(await refusal(readMe(second))).toBe('unauthenticated');
		expect(await readMe(await withCookie('second'))).toMatchObject({ mustEnrol: true });
		await setSecondFactorRule(await withCookie('root', app.next()), { roles: [] });
		expect(await readMe(await withCookie('second'))).toMatchObject({ mustEnrol: false });
	});
});

describe('how one signs in', () => {
	it('is changed by a session that showed the password lately, and by no token, not even an administrator’s', async () => {
		const root = await withCookie('root');
		const { token } = await createToken(root, { name: 'stolen' });
		const thief = withToken(token);
		const { app } = await enrol(root);
		const { id } = await readMe(root);
		const changed = 'a heron that reads signs';
		const acts: [string, (http: HttpClient) => Promise<unknown>][] = [
			['begin', beginSecondFactor],
			['confirm', (http) => confirmSecondFactor(http, app.next())],
			['codes', (http) => http.call('POST', '/api/v1/me/second-factor:renew-codes')],
			['remove', removeSecondFactor],
			['password', (http) => changePassword(http, { current: GOOD_PASSWORD, new: changed })],
			['reset', (http) => resetSecondFactor(http, id)],
			['set', (http) => http.call('POST', `/api/v1/admin/users/${id}:reset-password`, { body: { password: changed } })],
			['link', (http) => http.call('POST', `/api/v1/admin/users/${id}:password-link`)],
		];
		for (const [name, act] of acts) expect(await refusal(act(thief)), name).toBe('session-required');
		expect(refused, 'and each try is told').toEqual(acts.map(() => 'account session-required'));
		expect(await readSecondFactor(root)).toMatchObject({ enabled: true, recoveryCodesLeft: 10 });
		room.pass(11 * MINUTE_MS);
		for (const name of ['codes', 'remove', 'password']) {
			const [, act] = acts.find(([one]) => one === name)!;
			expect(await refusal(act(root)), name).toBe('reauth-required');
		}
		await confirmSession(root, { password: GOOD_PASSWORD, code: app.next() });
		expect(await refusal(changePassword(root, { current: GOOD_PASSWORD, new: changed }))).toBe('done');
	});
});

describe('privileged acts', () => {
	it('need a password of the last ten minutes from a session, and none from a token', async () => {
		const root = await withCookie('root');
		const { token } = await createToken(root, { name: 'ci' });
		const { id } = await createUser(root, { username: 'ada', password: GOOD_PASSWORD });
		const privileged: [string, (http: HttpClient) => Promise<unknown>][] = [
			['role', (http) => changeUser(http, id, { role: 'operator' })],
			['enable', (http) => changeUser(http, id, { disabled: false })],
			[
				'administrator',
				(http) => createUser(http, { username: 'eve', password: GOOD_PASSWORD, role: 'administrator' }),
			],
			[
				'password',
				(http) => http.call('POST', `/api/v1/admin/users/${id}:reset-password`, { body: { password: GOOD_PASSWORD } }),
			],
			['token', (http) => createToken(http, { name: 'all' })],
			['admin token', (http) => createToken(http, { name: 'some', scopes: ['files:read', 'admin'] })],
			['rule', (http) => setSecondFactorRule(http, { roles: [] })],
			['second factor', (http) => beginSecondFactor(http)],
		];
		room.pass(10 * MINUTE_MS);
		expect(await refusal(changeUser(root, id, { role: 'user' }))).toBe('done');
		room.pass(1);
		for (const [what, act] of privileged) expect(await refusal(act(root)), what).toBe('reauth-required');
		expect(await refusal(createToken(root, { name: 'small', scopes: ['files:read'] }))).toBe('done');
		expect(await refusal(createUser(root, { username: 'bob', password: GOOD_PASSWORD }))).toBe('done');
		expect(await refusal(changeUser(root, id, { serviceClass: null }))).toBe('done');
		// Whoever is in danger is shut out first.
		expect(await refusal(changeUser(root, id, { disabled: true }))).toBe('done');
		// What is malformed is told before anybody is asked for a password.
		expect(await refusal(root.call('POST', '/api/v1/tokens', { body: { name: 7 } }))).toBe('invalid');
		expect(await refusal(confirmSession(root, { password: 'not the password' }))).toBe('bad-credentials');
		expect(await refusal(changeUser(root, id, { role: 'operator' }))).toBe('reauth-required');
		room.pass(MINUTE_MS);
		await confirmSession(root, { password: GOOD_PASSWORD });
		for (const [what, act] of privileged) expect(await refusal(act(root)), what).toBe('done');
		room.pass(11 * MINUTE_MS);
		expect(await refusal(changeUser(withToken(token), id, { role: 'user' }))).toBe('done');
		expect(await refusal(confirmSession(withToken(token), { password: GOOD_PASSWORD }))).toBe('wrong-state');
	});

	it('need the code too where there is a second factor', async () => {
		const root = await withCookie('root');
		const { app } = await enrol(root);
		room.pass(11 * MINUTE_MS);
		expect(await refusal(confirmSession(root, { password: GOOD_PASSWORD }))).toBe('second-factor-required');
		const code = app.next();
		await confirmSession(root, { password: GOOD_PASSWORD, code });
		expect(await refusal(setSecondFactorRule(root, { roles: [] }))).toBe('done');
		expect(await refusal(confirmSession(root, { password: GOOD_PASSWORD, code }))).toBe('second-factor-wrong');
		expect(await room.audited('session.confirm')).toMatchObject([{ outcome: 'done' }, { outcome: 'refused' }]);
	});

	it('are not a way to have passwords hashed without end: one confirmation at a time, and at a pace', async () => {
		const root = await withCookie('root');
		const confirm = () => refusal(confirmSession(root, { password: GOOD_PASSWORD }));
		// From now on the session is known without a look into the ledger, which is held.
		await readMe(root);
		let release = () => {};
		room.ledger.hold = new Promise<void>((resolve) => {
			release = resolve;
		});
		const both = [confirm(), confirm()];
		expect(await Promise.race(both)).toBe('too-many-requests');
		release();
		expect((await Promise.all(both)).sort()).toEqual(['done', 'too-many-requests']);
		const codes: string[] = [];
		while (codes.at(-1) !== 'too-many-requests' && codes.length < 30) codes.push(await confirm());
		// Twenty at once, one of them before.
		expect(codes).toHaveLength(20);
		room.pass(5_000);
		expect(await confirm()).toBe('done');
		expect(await room.audited('session.confirm')).toHaveLength(21);
	});

	it('are asked for again only of the session that has not shown it', async () => {
		const [here, there] = [await withCookie('root'), await withCookie('root')];
		room.pass(11 * MINUTE_MS);
		await confirmSession(here, { password: GOOD_PASSWORD });
		expect(await refusal(createToken(here, { name: 'x' }))).toBe('done');
		expect(await refusal(createToken(there, { name: 'x' }))).toBe('reauth-required');
		await endOtherSessions(here);
		expect(await refusal(readMe(there))).toBe('unauthenticated');
		expect((await listSessions(here)).items).toHaveLength(1);
		expect(await here.json('GET', '/api/v1/me', z.any())).toMatchObject({ username: 'root' });
	});
});
