import * as argon2 from '@node-rs/argon2';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { AccountRoom, GOOD_PASSWORD, HOME } from '../../test/support/account-room.ts';
import { SYSTEM } from '../audit/doer.ts';
import { PasswordHasher } from './password-hasher.ts';

const verify = vi.fn(argon2.verify);

const AWAY = '203.0.113.77';
let room: AccountRoom;
beforeEach(async () => {
	room = await AccountRoom.open({ hasher: await PasswordHasher.open(verify) });
	await room.user('root', 'administrator');
	await room.user('ada');
	verify.mockClear();
});
afterEach(() => room[Symbol.asyncDispose]());

const failure = async (attempt: Promise<unknown>) => {
	const error = await attempt.then(
		() => null,
		(error: unknown) => error as { code: string; message: string; retryAfter?: number },
	);
	return error && { code: error.code, message: error.message, retryAfter: error.retryAfter };
};

describe('signing in', () => {
	it('gives a new secret and a new session each time, by any spelling of the name, and ends the one before', async () => {
		const first = await room.signIn('ada');
		const second = await room.signIn('ADA', { current: first.actor });
		expect(second.secret).not.toBe(first.secret);
		expect(second.actor.credentialId).not.toBe(first.actor.credentialId);
		expect(await room.accounts.authenticator.session(first.secret, HOME)).toBeNull();
		expect(room.ended).toEqual([{ userSeq: first.actor.userSeq, credentialId: first.actor.credentialId }]);
		expect(await room.accounts.sessions.list(second.actor)).toMatchObject([
			{ current: true, address: HOME, userAgent: 'test' },
		]);
		expect(await room.audited('session.create')).toHaveLength(2);
	});

	it('as somebody else ends the session that the browser had', async () => {
		const first = await room.signIn('ada');
		await room.signIn('root', { current: first.actor });
		expect(await room.accounts.authenticator.session(first.secret, HOME)).toBeNull();
	});

	it('says and does the same for an unknown name as for a wrong password: a hash of the same cost is verified', async () => {
		const wrong = await failure(room.signIn('ada', { password: 'not the password' }));
		expect(verify).toHaveBeenCalledTimes(1);
		const unknown = await failure(room.signIn('nobody', { password: 'not the password' }));
		expect(verify).toHaveBeenCalledTimes(2);
		expect(unknown).toEqual(wrong);
		expect(wrong?.code).toBe('bad-credentials');
		const parameters = verify.mock.calls.map(([stored]) => String(stored).split('$').slice(0, 4).join('$'));
		expect(new Set(parameters).size).toBe(1);
		const again = [await failure(room.signIn('ada')), await failure(room.signIn('nobody'))];
		expect(again[0]).toEqual(again[1]);
		expect(again[0]?.code).toBe('too-many-requests');
	});

	it('is audited when refused, without the name that was typed', async () => {
		await failure(room.signIn('my-secret-password-in-the-wrong-field'));
		await failure(room.signIn('ada', { password: 'not the password' }));
		const rows = await room.audited('session.create');
		expect(rows.map(({ outcome, address }) => [outcome, address])).toEqual([
			['refused', HOME],
			['refused', HOME],
		]);
		expect(rows[0]?.object).toBe('unknown');
		expect(rows[1]?.object).toMatch(/^usr_/);
	});

	it('hashes the password anew when the parameters were weaker', async () => {
		const weak = await argon2.hash(GOOD_PASSWORD, { memoryCost: 4_096, timeCost: 2, parallelism: 1 });
		room.db.prepare(`UPDATE users SET password_hash = ? WHERE username = 'ada'`).run(weak);
		await room.signIn('ada');
		const stored = room.db.prepare(`SELECT password_hash FROM users WHERE username = 'ada'`).pluck().get();
		expect(stored).toMatch(/^\$argon2id\$v=19\$m=19456,t=2,p=1\$/);
		await room.signIn('ada');
	});
});

describe('guessing', () => {
	it('makes the account rest 1, 2, 4 ... 30 s, and a right password ends that', async () => {
		const rests: number[] = [];
		for (let i = 0; i < 7; i++) {
			await failure(room.signIn('ada', { password: 'not the password', address: `203.0.113.${i}` }));
			const early = await failure(room.signIn('ada', { address: `203.0.113.${i}` }));
			expect(early?.code).toBe('too-many-requests');
			rests.push(early!.retryAfter!);
			room.pass(rests.at(-1)! * 1_000);
		}
		expect(rests).toEqual([1, 2, 4, 8, 16, 30, 30]);
		const { actor } = await room.signIn('ada', { address: AWAY });
		await room.accounts.sessions.end(actor, actor.credentialId);
		await failure(room.signIn('ada', { password: 'not the password', address: AWAY }));
		expect(await failure(room.signIn('ada', { address: AWAY }))).toMatchObject({ retryAfter: 1 });
	});

	it('in parallel gets no more tries than one after the other', async () => {
		const tries = Array.from({ length: 10 }, () => failure(room.signIn('ada', { password: 'not the password' })));
		const codes = (await Promise.all(tries)).map((error) => error?.code);
		expect(codes.filter((code) => code === 'bad-credentials')).toHaveLength(1);
		expect(verify).toHaveBeenCalledTimes(1);
	});

	it('by 20 tries in a row bans the address, even from the right password', async () => {
		for (let i = 0; i < 20; i++) await failure(room.signIn('ada', { password: `guess number ${i}`, address: AWAY }));
		expect(await failure(room.signIn('ada', { address: AWAY }))).toMatchObject({ code: 'banned', retryAfter: 1_800 });
		expect(await failure(room.signIn('root', { address: AWAY }))).toMatchObject({ code: 'banned' });
		expect(await room.audited('address.ban')).toMatchObject([{ object: AWAY }]);
		await room.accounts.defender.lift(AWAY, SYSTEM);
		room.pass(30_000);
		await room.signIn('ada', { address: AWAY });
	});

	it('by others never locks the owner out: sessions go on, and where one is signed in one may sign in again', async () => {
		const mine = await room.signIn('ada');
		await failure(room.signIn('ada', { password: 'not the password', address: AWAY }));
		expect(await failure(room.signIn('ada', { address: AWAY }))).toMatchObject({ code: 'too-many-requests' });
		expect(await room.accounts.authenticator.session(mine.secret, HOME)).not.toBeNull();
		await room.signIn('ada');
		const change = { current: GOOD_PASSWORD, new: 'another pony with maps' };
		await room.accounts.users.changePassword(mine.actor, change);
	});

	it('lets the same person sign in many times at once', async () => {
		const all = await Promise.all(Array.from({ length: 20 }, () => room.signIn('ada')));
		expect(new Set(all.map(({ secret }) => secret)).size).toBe(20);
	});
});

describe('changing the password', () => {
	it('ends the other sessions, keeps this one and the tokens, and is audited', async () => {
		const here = await room.signIn('ada');
		const there = await room.signIn('ada', { address: AWAY });
		const { token } = await room.accounts.credentials.createToken(here.actor, { name: 'script' });
		const { authenticator, users } = room.accounts;
		expect(await authenticator.session(there.secret, AWAY)).not.toBeNull();
		await users.changePassword(here.actor, { current: GOOD_PASSWORD, new: 'another pony with maps' });
		expect(await authenticator.session(there.secret, AWAY)).toBeNull();
		expect(await authenticator.session(here.secret, HOME)).not.toBeNull();
		expect(await authenticator.token(token, HOME)).not.toBeNull();
		expect(room.ended).toEqual([{ userSeq: here.actor.userSeq, credentialId: there.actor.credentialId }]);
		expect(await failure(room.signIn('ada'))).toMatchObject({ code: 'bad-credentials' });
		room.pass(1_000);
		await room.signIn('ada', { password: 'another pony with maps' });
		expect(await room.audited('password.change')).toMatchObject([{ outcome: 'done', object: here.actor.userId }]);
	});

	it('needs the current one, and a new one that is good', async () => {
		const { actor } = await room.signIn('ada');
		const { users } = room.accounts;
		expect(await failure(users.changePassword(actor, { current: GOOD_PASSWORD, new: 'password123' }))).toMatchObject({
			code: 'password-refused',
		});
		const wrong = { current: 'not the password', new: 'another pony with maps' };
		expect(await failure(users.changePassword(actor, wrong))).toMatchObject({ code: 'bad-credentials' });
		expect(await failure(users.changePassword(actor, wrong))).toMatchObject({ code: 'too-many-requests' });
		await room.signIn('ada');
	});

	it('by an administrator ends all sessions', async () => {
		const { actor, secret } = await room.signIn('ada');
		await room.accounts.authenticator.session(secret, HOME);
		await room.accounts.users.resetPassword(actor.userId, 'given by the boss 7', { actor: 'usr_root', address: AWAY });
		expect(await room.accounts.authenticator.session(secret, HOME)).toBeNull();
		await room.signIn('ada', { password: 'given by the boss 7' });
		expect(await room.audited('password.reset')).toMatchObject([{ object: actor.userId, address: AWAY }]);
	});
});
