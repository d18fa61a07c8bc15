import { pino } from 'pino';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { HttpClient } from '../../../../shared/client/http-client.ts';
import { choosePassword, readMe, readPasswordLink, signInForCookie } from '../../../../shared/client/session.ts';
import { createToken } from '../../../../shared/client/tokens.ts';
import {
	changeUser,
	endUserSession,
	inviteUser,
	listUserCredentials,
	listUserSessions,
	listUsers,
	makePasswordLink,
	readUser,
	revokeUserCredential,
	shutUserOut,
} from '../../../../shared/client/users.ts';
import { AccountRoom, GOOD_PASSWORD } from '../../../../test/support/account-room.ts';
import { HttpDoor } from '../http-door.ts';
import { passwordLinkRoutes } from './password-links.ts';
import { sessionRoutes } from './session.ts';
import { tokenRoutes } from './tokens.ts';
import { userAccessRoutes } from './user-access.ts';
import { userRoutes } from './users.ts';

const STORAGE = { usedBytes: 7, files: 1, quotaBytes: null, quotaFiles: null, nearlyFull: false };
const CHOSEN = 'a heron that reads signs';

let room: AccountRoom;
let door: HttpDoor;
let url: string;
let root: HttpClient;

beforeEach(async () => {
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
			...userAccessRoutes({ accounts }),
			...passwordLinkRoutes({ accounts }),
		],
		pagesFolder: null,
		checkAnswers: true,
	});
	url = `http://127.0.0.1:${(await door.listen('127.0.0.1', 0)).port}`;
	await room.user('root', 'administrator');
	root = await withCookie('root');
});
afterEach(async () => {
	await door.close();
	await room[Symbol.asyncDispose]();
});

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
const tokenOf = ({ path }: { path: string }): string => path.split('#')[1]!;

describe('a link for choosing a password', () => {
	it('lets who was invited in, once, with a password that nobody else knows', async () => {
		const made = await inviteUser(root, { username: 'ada', role: 'operator' });
		expect(made).toMatchObject({ username: 'ada', purpose: 'invite' });
		const token = tokenOf(made);
		expect(await readUser(root, made.id)).toMatchObject({ invited: true, role: 'operator', lastSeenAt: null });
		expect(await readPasswordLink(anybody(), token)).toEqual({
			...{ username: 'ada', purpose: 'invite', expiresAt: made.expiresAt },
		});
		expect(await refusal(choosePassword(anybody(), { token, password: 'password1' }))).toBe('password-refused');
		expect(await choosePassword(anybody(), { token, password: CHOSEN })).toEqual({ username: 'ada' });
		expect(await refusal(choosePassword(anybody(), { token, password: CHOSEN }))).toBe('password-link-invalid');
		expect(await readMe(await withCookie('ada', CHOSEN))).toMatchObject({ username: 'ada', role: 'operator' });
		const { invited, lastSeenAt } = await readUser(root, made.id);
		expect([invited, lastSeenAt]).toEqual([false, new Date(room.clock.now).toISOString()]);
		expect(await room.audited('password-link.create')).toMatchObject([{ object: made.id, outcome: 'done' }]);
		expect(await room.audited('password.choose')).toMatchObject([{ object: made.id, outcome: 'done' }]);
		// Its token is kept by its digest only.
		expect(JSON.stringify(room.db.prepare('SELECT detail FROM audit_log').all())).not.toContain(token);
	});

	it('ends by its time, by the next one, by another password, and while the account is disabled', async () => {
		const { id } = await room.user('ada');
		const [first, second] = [await makePasswordLink(root, id), await makePasswordLink(root, id)];
		expect(second.purpose).toBe('reset');
		expect(await refusal(readPasswordLink(anybody(), tokenOf(first)))).toBe('password-link-invalid');
		await changeUser(root, id, { disabled: true });
		expect(await refusal(readPasswordLink(anybody(), tokenOf(second)))).toBe('password-link-invalid');
		expect(await refusal(makePasswordLink(root, id))).toBe('conflict');
		await changeUser(root, id, { disabled: false });
		expect(await refusal(readPasswordLink(anybody(), tokenOf(second)))).toBe('password-link-invalid');
		const late = await makePasswordLink(root, id);
		expect(await refusal(readPasswordLink(anybody(), tokenOf(late)))).toBeNull();
		room.pass(Date.parse(late.expiresAt) - room.clock.now);
		root = await withCookie('root');
		expect(await refusal(readPasswordLink(anybody(), tokenOf(late)))).toBe('password-link-invalid');
		const third = await makePasswordLink(root, id);
		await root.call('POST', `/api/v1/admin/users/${id}:reset-password`, { body: { password: 'given by the boss 7' } });
		expect(await refusal(readPasswordLink(anybody(), tokenOf(third)))).toBe('password-link-invalid');
	});

	it('opens no other role than it was made for: who was invited is invited again', async () => {
		const made = await inviteUser(root, { username: 'ada' });
		await changeUser(root, made.id, { role: 'administrator' });
		expect(await refusal(readPasswordLink(anybody(), tokenOf(made)))).toBe('password-link-invalid');
		expect(await refusal(choosePassword(anybody(), { token: tokenOf(made), password: CHOSEN }))).toBe(
			'password-link-invalid',
		);
		expect(await readUser(root, made.id)).toMatchObject({ invited: true });
		const again = await makePasswordLink(root, made.id);
		expect(again.purpose).toBe('invite');
		expect(await choosePassword(anybody(), { token: tokenOf(again), password: CHOSEN })).toEqual({ username: 'ada' });
	});

	it('of a password that was forgotten leaves the old one good until it is used, and then ends the sessions', async () => {
		const { id } = await room.user('ada');
		const made = await makePasswordLink(root, id);
		const ada = await withCookie('ada');
		await choosePassword(anybody(), { token: tokenOf(made), password: CHOSEN });
		expect(await refusal(readMe(ada))).toBe('unauthenticated');
		room.pass(1_000);
		expect(await refusal(withCookie('ada'))).toBe('bad-credentials');
		// Not as the last of all: that somebody has changed is also found by looking for it now and then.
		expect(room.ended).toContainEqual(expect.objectContaining({ credentialId: expect.stringMatching(/^ses_/) }));
	});

	it('cannot be guessed: wrong ones count as wrong tries', async () => {
		const codes: (string | null)[] = [];
		for (let i = 0; i < 20; i++) codes.push(await refusal(readPasswordLink(anybody(), `guess-${i}`)));
		expect([codes[0], codes.at(-1)]).toEqual(['password-link-invalid', 'banned']);
	});
});

describe('an administrator', () => {
	it('sees by what somebody is let in, and takes each of it back at once', async () => {
		const { id } = await room.user('ada');
		const ada = await withCookie('ada');
		const { id: tokenId, token } = await createToken(ada, { name: 'ci', scopes: ['files:read'] });
		const { id: otherId } = await createToken(ada, { name: 'other' });
		expect(await readMe(withToken(token))).toMatchObject({ via: 'token' });
		const { items } = await listUserCredentials(root, id);
		expect(items.map(({ kind, name }) => [kind, name])).toEqual([
			['token', 'other'],
			['token', 'ci'],
		]);
		await revokeUserCredential(root, id, tokenId);
		expect(await refusal(readMe(withToken(token)))).toBe('unauthenticated');
		expect(room.ended).toContainEqual(expect.objectContaining({ credentialId: tokenId }));
		expect(await refusal(revokeUserCredential(root, id, tokenId))).toBe('not-found');
		const [session] = (await listUserSessions(root, id)).items;
		expect(session).toMatchObject({ current: false });
		await endUserSession(root, id, session!.id);
		expect(await refusal(readMe(ada))).toBe('unauthenticated');
		expect((await listUserCredentials(root, id)).items.map((one) => one.id)).toEqual([otherId]);
		const { id: rootId } = await readMe(root);
		expect(await refusal(revokeUserCredential(root, rootId, otherId))).toBe('not-found');
		const [audited] = await room.audited('token.revoke');
		expect(audited).toMatchObject({ object: tokenId, outcome: 'done' });
	});

	it('shuts somebody out of everything in one go', async () => {
		const { id } = await room.user('ada');
		const ada = await withCookie('ada');
		const { token } = await createToken(ada, { name: 'ci' });
		expect(await readMe(withToken(token))).toBeTruthy();
		const link = await makePasswordLink(root, id);
		expect(await shutUserOut(root, id)).toEqual({ sessions: 1, credentials: 1 });
		expect([await refusal(readMe(ada)), await refusal(readMe(withToken(token)))]).toEqual([
			'unauthenticated',
			'unauthenticated',
		]);
		expect(room.ended.at(-1)).toMatchObject({ credentialId: null });
		expect(await refusal(readPasswordLink(anybody(), tokenOf(link)))).toBe('password-link-invalid');
		expect(await shutUserOut(root, id)).toEqual({ sessions: 0, credentials: 0 });
		expect(await readMe(await withCookie('ada'))).toMatchObject({ username: 'ada' });
	});

	it('finds people by name, role and state, with what their files take', async () => {
		await inviteUser(root, { username: 'Ada' });
		const { id } = await room.user('adam', 'operator');
		await changeUser(root, id, { disabled: true });
		const names = async (filter: Parameters<typeof listUsers>[1]) =>
			(await listUsers(root, filter)).items.map(({ username }) => username);
		expect(await names({ name: 'ADA' })).toEqual(['Ada', 'adam']);
		expect(await names({ name: '%' })).toEqual([]);
		expect(await names({ state: 'invited' })).toEqual(['Ada']);
		expect(await names({ state: 'disabled', role: 'operator' })).toEqual(['adam']);
		expect(await names({ state: 'active' })).toEqual(['root']);
		expect(await names({ class: 'none-of-these' })).toEqual([]);
		const { items, nextCursor } = await listUsers(root, { limit: 1, name: 'ada' });
		expect(items).toMatchObject([{ username: 'Ada', storage: STORAGE }]);
		expect((await listUsers(root, { name: 'ada', cursor: nextCursor! })).items).toMatchObject([{ username: 'adam' }]);
	});
});
