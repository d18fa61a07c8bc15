import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { ROLES } from '../../shared/protocol/account.ts';
import { AccountRoom, GOOD_PASSWORD, HOME } from '../../test/support/account-room.ts';
import { SYSTEM } from '../audit/doer.ts';

let room: AccountRoom;
beforeEach(async () => {
	room = await AccountRoom.open();
});
afterEach(() => room[Symbol.asyncDispose]());

const code = (attempt: Promise<unknown>) =>
	attempt.then(
		() => null,
		(error: unknown) => (error as { code: string }).code,
	);

describe('users', () => {
	it('have names that do not look alike', async () => {
		await room.user('Ada');
		for (const name of ['ada', 'ADA', 'Ａda']) expect(await code(room.user(name))).toBe('name-taken');
		expect(await room.accounts.users.find('aDa')).toMatchObject({ username: 'Ada', role: 'user', disabled: false });
		expect(await code(room.accounts.users.find('bob'))).toBe('not-found');
	});

	it('are listed in pages without gaps or repeats', async () => {
		const hash = (await room.user('user0')).id && room.db.prepare('SELECT password_hash FROM users').pluck().get();
		const insert = room.db.prepare(
			`INSERT INTO users (id, username, username_key, password_hash, role, created_at) VALUES (?, ?, ?, ?, 'user', 1)`,
		);
		for (let i = 1; i < 25; i++) insert.run(`usr_${i}`, `user${i}`, `user${i}`, hash);
		const names: string[] = [];
		let cursor: string | undefined;
		do {
			const page = await room.accounts.users.list({ limit: 10, cursor });
			expect(page.items.length).toBeLessThanOrEqual(10);
			names.push(...page.items.map((user) => user.username));
			cursor = page.nextCursor ?? undefined;
		} while (cursor !== undefined);
		expect(names).toEqual(Array.from({ length: 25 }, (_, i) => `user${i}`));
		expect(await code(room.accounts.users.list({ limit: 10, cursor: 'nonsense' }))).toBe('bad-cursor');
	});

	it('are given a service class and stay signed in; whoever did it waits until it counts', async () => {
		await room[Symbol.asyncDispose]();
		let given = 0;
		room = await AccountRoom.open({
			onClassGiven: async () => {
				given += 1;
			},
		});
		const { users } = room.accounts;
		const ada = await room.user('ada');
		expect(ada.serviceClass).toBeNull();
		await room.signIn('ada');
		expect(await users.change(ada.id, { serviceClass: 'priority' }, SYSTEM)).toMatchObject({
			serviceClass: 'priority',
		});
		expect(await users.change(ada.id, { serviceClass: null }, SYSTEM)).toMatchObject({ serviceClass: null });
		expect(room.ended).toEqual([]);
		expect(room.db.prepare('SELECT count(*) FROM sessions').pluck().get()).toBe(1);
		const ben = { username: 'ben', password: GOOD_PASSWORD, role: 'user' as const };
		expect(await users.create({ ...ben, serviceClass: 'hardware' }, SYSTEM)).toMatchObject({
			serviceClass: 'hardware',
		});
		expect(given).toBe(3);
		const all = await room.audit.list({ action: 'user.give-class' }, { limit: 10 });
		expect(all.items.map(({ detail }) => detail)).toEqual([
			{ before: 'priority', after: null },
			{ before: null, after: 'priority' },
		]);
	});

	it('are given only classes that are there, and nothing else changes with a wrong one', async () => {
		const { users } = room.accounts;
		await room.user('root', 'administrator');
		const ada = await room.user('ada');
		const wrong = { role: 'operator' as const, serviceClass: 'nothing' };
		expect(await code(users.change(ada.id, wrong, SYSTEM))).toBe('unknown-service-class');
		expect(await users.read(ada.id)).toMatchObject({ role: 'user', serviceClass: null });
		const ben = { username: 'ben', password: GOOD_PASSWORD, role: 'user' as const, serviceClass: 'nothing' };
		expect(await code(users.create(ben, SYSTEM))).toBe('unknown-service-class');
		expect(await code(users.find('ben'))).toBe('not-found');
	});

	it('always have an administrator who can sign in, whatever is changed', async () => {
		const ids: string[] = [];
		for (const name of ['root', 'two', 'three'])
			ids.push((await room.user(name, name === 'root' ? 'administrator' : 'user')).id);
		const left = room.db
			.prepare(`SELECT count(*) FROM users WHERE role = 'administrator' AND disabled_at IS NULL`)
			.pluck();
		const change = fc.record(
			{ who: fc.nat(2), role: fc.constantFrom(...ROLES), disabled: fc.boolean() },
			{ requiredKeys: ['who'] },
		);
		let refusals = 0;
		await fc.assert(
			fc.asyncProperty(fc.array(change, { maxLength: 8 }), async (changes) => {
				for (const { who, ...what } of changes) {
					const refused = await code(room.accounts.users.change(ids[who]!, what, SYSTEM));
					if (refused !== null) {
						expect(refused).toBe('last-administrator');
						refusals++;
					}
					expect(left.get()).toBeGreaterThan(0);
				}
			}),
			{ numRuns: 60 },
		);
		expect(refusals).toBeGreaterThan(0);
	});

	it('leave an audit row for each change and none for no change', async () => {
		const { id } = await room.user('ada');
		await room.user('root', 'administrator');
		const by = { actor: 'usr_root', address: HOME };
		await room.accounts.users.change(id, { role: 'user', disabled: false }, by);
		await room.accounts.users.change(id, { role: 'operator', disabled: true }, by);
		await room.accounts.users.change(id, { disabled: false }, by);
		expect((await room.audited()).map((row) => row.action)).toEqual([
			'user.create',
			'user.create',
			'user.change-role',
			'user.disable',
			'user.enable',
		]);
		expect(await room.audit.verify()).toMatchObject({ ok: true });
		expect(await code(room.accounts.users.change('usr_none', { disabled: true }, by))).toBe('not-found');
	});
});

describe('credentials', () => {
	it('never allow more than their maker may', async () => {
		await room.user('ada');
		const { actor } = await room.signIn('ada');
		const { credentials, authenticator } = room.accounts;
		const narrow = await credentials.createToken(actor, { name: 'n', scopes: ['admin', 'files:read'] });
		const holder = (await authenticator.token(narrow.token, HOME))!;
		expect(holder.scopes).toEqual(['admin', 'files:read']);
		expect(await code(credentials.createToken(holder, { name: 'x', scopes: ['files:write'] }))).toBe(
			'insufficient-scope',
		);
		expect(await code(credentials.createAppPassword(holder, { name: 'x' }))).toBe('insufficient-scope');
		const inherited = await credentials.createToken(holder, { name: 'y' });
		expect((await authenticator.token(inherited.token, HOME))?.scopes).toEqual(['admin', 'files:read']);
		const views = await credentials.list(actor, 'token');
		expect(views.map((view) => [view.name, view.scopes])).toEqual([
			['y', ['admin', 'files:read']],
			['n', ['admin', 'files:read']],
		]);
	});

	it('that a token made end with it, however deep, and no later than it', async () => {
		await room.user('ada');
		const { actor } = await room.signIn('ada');
		const { credentials, authenticator } = room.accounts;
		const until = room.clock.now + 60_000;
		const theft = await credentials.createToken(actor, { name: 'stolen', expiresAt: until });
		const thief = (await authenticator.token(theft.token, HOME))!;
		const child = await credentials.createToken(thief, { name: 'child', expiresAt: until + 1 });
		expect(child.expiresAt).toBe(new Date(until).toISOString());
		const holder = (await authenticator.token(child.token, HOME))!;
		const grandchild = await credentials.createToken(holder, { name: 'grandchild', expiresAt: until - 1 });
		expect(grandchild.expiresAt).toBe(new Date(until - 1).toISOString());
		const drive = await credentials.createAppPassword(holder, { name: 'drive' });
		expect(drive.expiresAt).toBe(new Date(until).toISOString());
		const own = await credentials.createToken(actor, { name: 'own' });
		const ownDrive = await credentials.createAppPassword(actor, { name: 'own drive' });
		expect([own.expiresAt, ownDrive.expiresAt]).toEqual([null, null]);
		expect(await authenticator.token(grandchild.token, HOME)).not.toBeNull();
		expect(await authenticator.appPassword('ada', drive.password, HOME)).not.toBeNull();

		await credentials.revoke(actor, 'token', theft.id);
		for (const { token } of [theft, child, grandchild]) expect(await authenticator.token(token, HOME)).toBeNull();
		expect(await authenticator.appPassword('ada', drive.password, HOME)).toBeNull();
		expect(room.ended.map(({ credentialId }) => credentialId)).toEqual([theft.id, child.id, grandchild.id, drive.id]);
		expect(await code(credentials.createToken(thief, { name: 'late' })), 'let in before').toBe('unauthenticated');
		expect(await authenticator.token(own.token, HOME)).not.toBeNull();
		expect(await authenticator.appPassword('ada', ownDrive.password, HOME)).not.toBeNull();
		const { items } = await room.audit.list({ action: '*.revoke' }, { limit: 10 });
		expect(items.reverse().map(({ object, detail }) => [object, detail])).toEqual([
			[theft.id, {}],
			...[child.id, grandchild.id, drive.id].map((id) => [id, { with: theft.id }]),
		]);
	});

	it('do not expire in the past, and are nobody else’s to revoke', async () => {
		await room.user('ada');
		await room.user('bob');
		const { actor } = await room.signIn('ada');
		const bob = (await room.signIn('bob')).actor;
		const { credentials, sessions } = room.accounts;
		expect(await code(credentials.createToken(actor, { name: 'x', expiresAt: room.clock.now }))).toBe('invalid');
		const { id } = await credentials.createToken(actor, { name: 'x' });
		expect(await code(credentials.revoke(bob, 'token', id))).toBe('not-found');
		expect(await code(credentials.revoke(actor, 'app-password', id))).toBe('not-found');
		expect(await code(sessions.end(bob, actor.credentialId))).toBe('not-found');
		expect(room.ended).toEqual([]);
		await credentials.revoke(actor, 'token', id);
		expect(await code(credentials.revoke(actor, 'token', id))).toBe('not-found');
	});
});

describe('set-up', () => {
	it('makes the first administrator with the token, once', async () => {
		const { setup } = room.accounts;
		expect(await setup.isNeeded()).toBe(true);
		expect(await code(room.signIn('admin'))).toBe('bad-credentials');
		const first = (await setup.issueToken())!;
		const token = (await setup.issueToken())!;
		const complete = (given: string, username = 'ada') =>
			setup.complete({ token: given, username, password: GOOD_PASSWORD, address: HOME });
		expect(await code(complete(first))).toBe('setup-token-invalid');
		expect(await code(setup.complete({ token, username: 'ada', password: 'password1', address: HOME }))).toBe(
			'password-refused',
		);
		const outcomes = await Promise.all([code(complete(token)), code(complete(token, 'eve'))]);
		expect(outcomes.sort()).toEqual([null, 'setup-token-invalid'].sort());
		expect(await setup.isNeeded()).toBe(false);
		expect(await code(complete(token, 'eve'))).toBe('setup-token-invalid');
		expect(await setup.issueToken()).toBeNull();
		expect((await room.accounts.users.list({ limit: 10 })).items).toMatchObject([{ role: 'administrator' }]);
	});

	it('makes admin from a given password, and changes nothing at the next start', async () => {
		const token = (await room.accounts.setup.issueToken())!;
		await room.accounts.setup.ensureFirstAdministrator(GOOD_PASSWORD);
		await room.accounts.setup.ensureFirstAdministrator('another pony with maps');
		await room.signIn('admin');
		const late = { token, username: 'eve', password: GOOD_PASSWORD, address: HOME };
		expect(await code(room.accounts.setup.complete(late))).toBe('setup-token-invalid');
		const { items } = await room.accounts.users.list({ limit: 10 });
		expect(items).toMatchObject([{ username: 'admin', role: 'administrator' }]);
	});

	it('bans who guesses the token', async () => {
		const guess = () =>
			room.accounts.setup.complete({ token: 'x', username: 'e', password: GOOD_PASSWORD, address: HOME });
		for (let i = 0; i < 15; i++) expect(await code(guess())).toBe('setup-token-invalid');
		expect(await code(guess())).toBe('banned');
	});
});

describe('what another process does to users', () => {
	it('is heeded within seconds, without a word from it', async () => {
		vi.useFakeTimers({ toFake: ['setInterval'] });
		try {
			const running = await AccountRoom.open({}, room.folder);
			await room.user('root', 'administrator');
			const { id } = await room.user('ada');
			const { secret, actor } = await running.signIn('ada');
			const { token } = await running.accounts.credentials.createToken(actor, { name: 'script' });
			const { authenticator } = running.accounts;
			expect(await authenticator.session(secret, HOME)).not.toBeNull();
			expect(await authenticator.token(token, HOME)).not.toBeNull();
			await room.accounts.users.change(id, { disabled: true }, SYSTEM);
			vi.advanceTimersByTime(2_000);
			await vi.waitFor(() => expect(running.ended).toEqual([{ userSeq: actor.userSeq, credentialId: null }]), {
				timeout: 30_000,
			});
			expect(await authenticator.session(secret, HOME)).toBeNull();
			expect(await authenticator.token(token, HOME)).toBeNull();
			running.db.close();
			await running.accounts[Symbol.asyncDispose]();
			await running.ledger[Symbol.asyncDispose]();
		} finally {
			vi.useRealTimers();
		}
	});
});

it('sweeps sessions a week after they ended', async () => {
	await room.user('ada');
	await room.signIn('ada');
	room.pass(7 * 86_400_000);
	expect(await room.accounts.sessions.sweep()).toBe(0);
	room.pass(3_600_001);
	expect(await room.accounts.sessions.sweep()).toBe(1);
});
