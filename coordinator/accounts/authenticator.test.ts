import { randomBytes } from 'node:crypto';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { AccountRoom, HOME } from '../../test/support/account-room.ts';
import { SYSTEM } from '../audit/doer.ts';
import type { Actor } from './actor.ts';

let room: AccountRoom;
let actor: Actor;
let cookie: string;
let userId: string;
beforeEach(async () => {
	room = await AccountRoom.open();
	await room.user('root', 'administrator');
	userId = (await room.user('ada')).id;
	({ actor, secret: cookie } = await room.signIn('ada'));
});
afterEach(() => room[Symbol.asyncDispose]());

const session = (secret = cookie, address = HOME) => room.accounts.authenticator.session(secret, address);
const token = (secret: string, address = HOME) => room.accounts.authenticator.token(secret, address);
const newToken = async (more: { expiresAt?: number } = {}) =>
	(await room.accounts.credentials.createToken(actor, { name: 'script', ...more })).token;
const randomToken = () => `mrt_${randomBytes(32).toString('base64url')}`;

describe('a good secret', () => {
	it('is looked up once and then known, with the address of each request', async () => {
		const secret = await newToken();
		room.lookups();
		const all = await Promise.all([token(secret), token(secret), token(secret)]);
		for (let i = 0; i < 100; i++) all.push(await token(secret));
		expect(room.lookups()).toBe(1);
		expect(new Set(all).size).toBe(1);
		expect(all[0]).toMatchObject({ userId, role: 'user', via: 'token', scopes: null, address: HOME });
		expect(await token(secret, '198.51.100.1')).toMatchObject({ userId, address: '198.51.100.1' });
		expect(await session()).toMatchObject({ userId, via: 'session', credentialId: actor.credentialId });
	});

	it('works on from an address that is banned, also when it is not in memory', async () => {
		const secret = await newToken();
		for (let i = 0; i < 15; i++) await room.accounts.defender.count(HOME, 'wrong-secret');
		expect(await token(secret)).toMatchObject({ userId });
		expect(await session()).toMatchObject({ userId });
		await expect(token(randomToken())).rejects.toMatchObject({ code: 'banned' });
		await expect(room.signIn('ada')).rejects.toMatchObject({ code: 'banned' });
	});

	it('of one kind is none of another kind', async () => {
		const secret = await newToken();
		expect(await session(secret)).toBeNull();
		expect(await token(cookie)).toBeNull();
		expect(await room.accounts.authenticator.appPassword('ada', secret, HOME)).toBeNull();
	});
});

describe('what is remembered dies', () => {
	it('when the token is revoked', async () => {
		const secret = await newToken();
		const id = (await token(secret))!.credentialId;
		await room.accounts.credentials.revoke(actor, 'token', id);
		expect(await token(secret)).toBeNull();
		expect(room.ended).toEqual([{ userSeq: actor.userSeq, credentialId: id }]);
		room.lookups();
		for (let i = 0; i < 50; i++) expect(await token(secret)).toBeNull();
		expect(room.lookups()).toBe(0);
	});

	it('when the token expires', async () => {
		const secret = await newToken({ expiresAt: room.clock.now + 60_000 });
		expect(await token(secret)).not.toBeNull();
		room.pass(60_000);
		expect(await token(secret)).toBeNull();
	});

	it('when the session is not used for the idle time, or is too old whatever its use', async () => {
		for (let hour = 0; hour < 23; hour++) {
			room.pass(3_599_000);
			expect(await session()).not.toBeNull();
		}
		room.pass(3_599_000);
		expect(await session()).not.toBeNull();
		room.pass(60_000);
		expect(await session()).toBeNull();
		const later = await room.signIn('ada');
		expect(await session(later.secret)).not.toBeNull();
		room.pass(3_600_000);
		expect(await session(later.secret)).toBeNull();
	});

	it('when the person is disabled, and comes back with the token when enabled, the session not', async () => {
		const secret = await newToken();
		await token(secret);
		await session();
		await room.accounts.users.change(userId, { disabled: true }, SYSTEM);
		expect(room.ended).toEqual([{ userSeq: actor.userSeq, credentialId: null }]);
		expect(await token(secret)).toBeNull();
		expect(await session()).toBeNull();
		await expect(room.signIn('ada')).rejects.toMatchObject({ code: 'bad-credentials' });
		await room.accounts.users.change(userId, { disabled: false }, SYSTEM);
		expect(await token(secret)).not.toBeNull();
		expect(await session()).toBeNull();
	});

	it('when the role changes: tokens get the new one, sessions must sign in again', async () => {
		const secret = await newToken();
		expect(await token(secret)).toMatchObject({ role: 'user' });
		await room.accounts.users.change(userId, { role: 'operator' }, SYSTEM);
		expect(await token(secret)).toMatchObject({ role: 'operator' });
		expect(await session()).toBeNull();
	});

	it('when it was being looked up at that moment', async () => {
		const secret = await newToken();
		let release = () => {};
		room.ledger.hold = new Promise<void>((resolve) => {
			release = resolve;
		});
		const looking = token(secret);
		const disabling = room.accounts.users.change(userId, { disabled: true }, SYSTEM);
		await disabling;
		release();
		expect(await looking).toBeNull();
		expect(await token(secret)).toBeNull();
	});
});

describe('an unknown secret', () => {
	it('is looked up once, and is one fault however often it comes', async () => {
		const secret = randomToken();
		room.lookups();
		for (let i = 0; i < 100; i++) expect(await token(secret)).toBeNull();
		expect(room.lookups()).toBe(1);
		expect(room.accounts.defender.isBanned(HOME)).toBe(false);
	});

	it('bans the address when there are too many of them, which are few look-ups', async () => {
		room.lookups();
		const outcomes = await Promise.allSettled(Array.from({ length: 14 }, () => token(randomToken())));
		expect(outcomes.every((outcome) => outcome.status === 'fulfilled' && outcome.value === null)).toBe(true);
		for (let i = 0; i < 500; i++) await token(randomToken()).catch(() => {});
		expect(room.accounts.defender.isBanned(HOME)).toBe(true);
		expect(room.lookups()).toBeLessThanOrEqual(20);
		room.pass(1_000);
		for (let i = 0; i < 500; i++) await token(randomToken()).catch(() => {});
		expect(room.lookups()).toBeLessThanOrEqual(20);
	});

	it('as a session is no fault, since browsers keep old cookies, but does not reach the disk without end either', async () => {
		room.lookups();
		const old = () => session(randomBytes(32).toString('base64url'));
		for (let i = 0; i < 20; i++) expect(await old()).toBeNull();
		for (let i = 0; i < 100; i++) await expect(old()).rejects.toMatchObject({ code: 'too-many-requests' });
		expect(room.lookups()).toBe(20);
		expect(room.accounts.defender.isBanned(HOME)).toBe(false);
	});

	it.each(['', 'mrt_', 'x'.repeat(10_000), 'mrt_ü', '\0'])(
		'of a shape that we never gave out costs nothing: %j',
		async (secret) => {
			room.lookups();
			expect(await token(secret)).toBeNull();
			expect(await session(secret)).toBeNull();
			expect(room.lookups()).toBe(0);
		},
	);
});

describe('an app password', () => {
	it('works with the name, however it is typed, for files only', async () => {
		const { password } = await room.accounts.credentials.createAppPassword(actor, { name: 'drive' });
		expect(password).toMatch(/^([0-9a-hjkmnp-tv-z]{5}-){4}[0-9a-hjkmnp-tv-z]{5}$/);
		const { authenticator } = room.accounts;
		const typed = password.toUpperCase().replaceAll('-', ' ').replaceAll('0', 'O').replaceAll('1', 'l');
		for (const text of [password, typed]) {
			const found = await authenticator.appPassword('ADA', text, HOME);
			expect(found).toMatchObject({ userId, via: 'app-password', scopes: ['files:read', 'files:write'] });
		}
		expect(await authenticator.appPassword('root', password, HOME)).toBeNull();
	});

	it('that may only read says so', async () => {
		const { password } = await room.accounts.credentials.createAppPassword(actor, { name: 'tv', access: 'read-only' });
		const found = await room.accounts.authenticator.appPassword('ada', password, HOME);
		expect(found).toMatchObject({ userId, scopes: ['files:read'] });
	});

	it('with the names of others counts once each, and works on with its own', async () => {
		const { authenticator, credentials, defender } = room.accounts;
		const { password } = await credentials.createAppPassword(actor, { name: 'drive' });
		for (let i = 0; i < 30; i++) expect(await authenticator.appPassword('root', password, HOME)).toBeNull();
		expect(defender.isBanned(HOME)).toBe(false);
		for (let i = 0; i < 14; i++) await authenticator.appPassword(`guess${i}`, password, HOME).catch(() => {});
		expect(defender.isBanned(HOME)).toBe(true);
		await expect(authenticator.appPassword('root', password, HOME)).rejects.toMatchObject({ code: 'banned' });
		expect(await authenticator.appPassword('ada', password, HOME)).toMatchObject({ userId });
	});

	it('that is wrong counts once each, malformed or not', async () => {
		const { authenticator, defender } = room.accounts;
		for (let i = 0; i < 30; i++) expect(await authenticator.appPassword('ada', 'my real password', HOME)).toBeNull();
		expect(defender.isBanned(HOME)).toBe(false);
		const tries = Array.from({ length: 14 }, (_, i) =>
			authenticator.appPassword('ada', `guess ${i}`, HOME).catch(() => {}),
		);
		await Promise.all(tries);
		expect(defender.isBanned(HOME)).toBe(true);
	});
});

it('writes the last use down at most once a minute, for sessions and tokens', async () => {
	const secret = await newToken();
	const lastUse = async () => (await room.accounts.credentials.list(actor, 'token'))[0]?.lastUsedAt ?? null;
	expect(await lastUse()).toBeNull();
	await token(secret);
	await room.accounts.flushUses();
	const first = new Date(room.clock.now).toISOString();
	expect(await lastUse()).toBe(first);
	room.pass(59_000);
	await token(secret);
	await room.accounts.flushUses();
	expect(await lastUse()).toBe(first);
	room.pass(1_000);
	await token(secret);
	await session();
	await room.accounts.flushUses();
	const second = new Date(room.clock.now).toISOString();
	expect(await lastUse()).toBe(second);
	expect((await room.accounts.sessions.list(actor))[0]).toMatchObject({ lastUsedAt: second, current: true });
});

it('keeps no secret in the ledger or in its audit log', async () => {
	const secret = await newToken();
	const { password } = await room.accounts.credentials.createAppPassword(actor, { name: 'drive' });
	room.db.pragma('wal_checkpoint(TRUNCATE)');
	const bytes = room.db.serialize().toString('latin1');
	for (const text of [secret, secret.slice(4), cookie, password, password.replaceAll('-', '')]) {
		expect(bytes.includes(text)).toBe(false);
	}
});
