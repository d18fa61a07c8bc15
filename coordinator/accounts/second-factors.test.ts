import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { AccountRoom, HOME } from '../../test/support/account-room.ts';
import { CodesOf } from '../../test/support/codes.ts';
import { SYSTEM } from '../audit/doer.ts';
import type { Actor } from './actor.ts';

let room: AccountRoom;
let ada: Actor;
beforeEach(async () => {
	room = await AccountRoom.open();
	await room.user('root', 'administrator');
	await room.user('ada');
	({ actor: ada } = await room.signIn('ada'));
});
afterEach(() => room[Symbol.asyncDispose]());

const codeOf = (attempt: Promise<unknown>) =>
	attempt.then(
		() => 'done',
		(error: unknown) => (error as { code: string }).code,
	);

const toldTo = ({ userSeq }: Actor) =>
	room.db.prepare('SELECT kind, title, text FROM notices WHERE owner_seq = ? ORDER BY seq').all(userSeq) as {
		kind: string;
		title: string;
		text: string;
	}[];

/** Somebody sets it up; the app, and the recovery codes. */
const enrol = async (actor: Actor) => {
	const { secret } = await room.accounts.secondFactors.begin(actor);
	const app = new CodesOf(secret, () => room.clock.now);
	const codes = await room.accounts.secondFactors.confirm(actor, app.next());
	return { secret, app, codes };
};

describe('a second factor', () => {
	it('counts once a code was shown, and not before', async () => {
		const { secondFactors } = room.accounts;
		const { secret } = await secondFactors.begin(ada);
		expect(await codeOf(room.signIn('ada'))).toBe('done');
		expect(await codeOf(secondFactors.confirm(ada, '12345'))).toBe('second-factor-wrong');
		const later = await secondFactors.begin(ada);
		expect(later.secret).not.toBe(secret);
		const now = () => room.clock.now;
		expect(await codeOf(secondFactors.confirm(ada, new CodesOf(secret, now).next()))).toBe('second-factor-wrong');
		expect(await secondFactors.confirm(ada, new CodesOf(later.secret, now).next())).toHaveLength(10);
		expect(await codeOf(room.signIn('ada'))).toBe('second-factor-required');
		expect(await codeOf(secondFactors.begin(ada))).toBe('wrong-state');
		expect(await secondFactors.view(ada)).toMatchObject({ enabled: true, recoveryCodesLeft: 10, required: false });
		expect((await room.accounts.users.find('ada')).secondFactor).toBe(true);
		expect((await room.audited('second-factor.enable')).map(({ object }) => object)).toEqual([ada.userId]);
	});

	it('ends the sessions of before but for the one that sets it up, and tells the person', async () => {
		const [here, parked] = [await room.signIn('ada'), await room.signIn('ada')];
		const { actor: root } = await room.signIn('root');
		const { authenticator, sessions, secondFactors } = room.accounts;
		expect(await authenticator.session(parked.secret, HOME)).not.toBeNull();
		await enrol(here.actor);
		expect(await authenticator.session(parked.secret, HOME)).toBeNull();
		expect(await authenticator.session(here.secret, HOME)).not.toBeNull();
		const ended = [ada, parked.actor].map(({ userSeq, credentialId }) => ({ userSeq, credentialId }));
		expect(room.ended).toHaveLength(2);
		expect(room.ended).toEqual(expect.arrayContaining(ended));
		expect(await sessions.list(root)).toHaveLength(1);
		await secondFactors.renewCodes(here.actor);
		await secondFactors.remove(here.actor);
		expect(toldTo(ada).map(({ title }) => title)).toEqual([
			'A second factor was set up',
			'Your recovery codes were renewed',
			'Your second factor was removed',
		]);
		// By a token: no session has shown a code.
		await enrol({ ...ada, via: 'token', credentialId: 'tok_1' });
		expect(await authenticator.session(here.secret, HOME)).toBeNull();
	});

	it('is asked of a sign-in that was under way while it was set up', async () => {
		await room.accounts.secondFactors.begin(ada);
		let release = () => {};
		room.ledger.hold = new Promise<void>((resolve) => {
			release = resolve;
		});
		// Its password is right, and by what was read there is no second factor.
		const late = codeOf(room.signIn('ada'));
		room.db.prepare('UPDATE second_factors SET confirmed_at = ?').run(room.clock.now);
		release();
		expect(await late).toBe('second-factor-required');
	});

	it('takes each step once: no code again, none of before, and of two at once exactly one', async () => {
		const { app } = await enrol(ada);
		expect(await codeOf(room.signIn('ada', { code: app.at(0) }))).toBe('second-factor-wrong');
		room.pass(60_000);
		const code = app.at(0);
		expect(await codeOf(room.signIn('ada', { code: `${code.slice(0, 3)} ${code.slice(3)}` }))).toBe('done');
		expect(await codeOf(room.signIn('ada', { code }))).toBe('second-factor-wrong');
		room.pass(60_000);
		expect(await codeOf(room.signIn('ada', { code: app.at(2) }))).toBe('second-factor-wrong');
		room.pass(60_000);
		const user = { seq: ada.userSeq, id: ada.userId };
		const again = app.at(1);
		const both = [0, 1].map(() => room.accounts.secondFactors.spend(user, again, HOME));
		expect((await Promise.all(both)).sort()).toEqual(['code', null]);
		// The step before was good a moment ago.
		expect(await room.accounts.secondFactors.spend(user, app.at(0), HOME)).toBeNull();
	});

	it('is made up for by each recovery code once, and the person is told', async () => {
		const { codes } = await enrol(ada);
		const [first = '', second = ''] = codes;
		expect(await codeOf(room.signIn('ada', { code: first.toUpperCase().replaceAll('-', ' ') }))).toBe('done');
		expect(await codeOf(room.signIn('ada', { code: first }))).toBe('second-factor-wrong');
		room.pass(60_000);
		const user = { seq: ada.userSeq, id: ada.userId };
		const both = [0, 1].map(() => room.accounts.secondFactors.spend(user, second, HOME));
		expect((await Promise.all(both)).sort()).toEqual([null, 'recovery-code']);
		expect(await room.accounts.secondFactors.view(ada)).toMatchObject({ recoveryCodesLeft: 8 });
		const used = { title: 'A recovery code was used', text: expect.stringContaining(HOME) };
		expect(toldTo(ada).slice(1)).toMatchObject([used, used]);
		// Those of somebody else are none of ada's.
		const { actor: root } = await room.signIn('root');
		const others = await enrol(root);
		expect(await room.accounts.secondFactors.spend(user, others.codes[0]!, HOME)).toBeNull();
		const renewed = await room.accounts.secondFactors.renewCodes(ada);
		expect(await room.accounts.secondFactors.spend(user, codes[2]!, HOME)).toBeNull();
		expect(await room.accounts.secondFactors.spend(user, renewed[2]!, HOME)).toBe('recovery-code');
	});

	it('cannot be guessed: wrong codes make the account rest, and a right password forgives none of them', async () => {
		const { app } = await enrol(ada);
		room.pass(120_000);
		const away = { address: '203.0.113.9' };
		const waits: number[] = [];
		for (const _ of [1, 2, 3]) {
			expect(await codeOf(room.signIn('ada', { ...away, code: '000000' }))).toBe('second-factor-wrong');
			const refused = await room.signIn('ada', { ...away, code: app.at(0) }).catch((error: unknown) => error);
			expect(refused).toMatchObject({ code: 'too-many-requests' });
			waits.push((refused as { retryAfter: number }).retryAfter);
			room.pass(30_000);
			expect(await codeOf(room.signIn('ada', away))).toBe('second-factor-required');
			room.pass(30_000);
		}
		// The right password without a code, where a wrong one was before, counts as well.
		expect(waits).toEqual([1, 4, 16]);
		for (let tries = 0; tries < 20; tries++) {
			await codeOf(room.signIn('ada', { ...away, code: '000000' }));
			room.pass(31_000);
		}
		expect(await codeOf(room.signIn('ada', { ...away, code: app.at(0) }))).toBe('banned');
		expect(await codeOf(room.signIn('ada', { code: app.at(0) }))).toBe('done');
		const refused = (await room.audited('session.create')).filter(({ outcome }) => outcome === 'refused');
		expect(refused.length).toBeGreaterThan(3);
	});

	it('is missing or wrong in sign-ins that are on record, and the person is told when they go on', async () => {
		const { app } = await enrol(ada);
		const away = { address: '203.0.113.9' };
		const details = async () =>
			(await room.audit.list({ action: 'session.create', outcome: 'refused' }, { limit: 100 })).items
				.reverse()
				.map(({ actor, address, detail }) => [actor, address, detail]);
		const told = () => toldTo(ada).filter(({ title }) => title.includes('may know your password'));
		expect(await codeOf(room.signIn('ada', away))).toBe('second-factor-required');
		expect(await codeOf(room.signIn('ada', { ...away, code: '000000' }))).toBe('second-factor-wrong');
		expect(await details()).toEqual([
			[ada.userId, away.address, { missing: 'second-factor' }],
			[ada.userId, away.address, { wrong: 'second-factor' }],
		]);
		// The person's own sign-in, from elsewhere, forgives what was theirs.
		room.pass(60_000);
		expect(await codeOf(room.signIn('ada'))).toBe('second-factor-required');
		expect(await codeOf(room.signIn('ada', { code: app.at(0) }))).toBe('done');
		for (let tries = 2; tries < 5; tries++) {
			expect(told()).toEqual([]);
			room.pass(60_000);
			expect(await codeOf(room.signIn('ada', { address: `198.51.100.${tries}` }))).toBe('second-factor-required');
		}
		expect(told()).toMatchObject([{ kind: 'account', text: expect.stringContaining('198.51.100.4') }]);
	});

	it('that is missing again and again makes the account rest and the address banned, like a wrong password', async () => {
		await enrol(ada);
		const away = { address: '203.0.113.9' };
		expect(await codeOf(room.signIn('ada', away))).toBe('second-factor-required');
		expect(await codeOf(room.signIn('ada', away))).toBe('second-factor-required');
		expect(await codeOf(room.signIn('ada', away))).toBe('too-many-requests');
		for (let tries = 0; tries < 20; tries++) {
			room.pass(31_000);
			await codeOf(room.signIn('ada', away));
		}
		expect(await codeOf(room.signIn('ada', away))).toBe('banned');
	});

	it('lies sealed in the ledger, and its recovery codes as hashes', async () => {
		const { secret, codes } = await enrol(ada);
		room.db.pragma('wal_checkpoint(TRUNCATE)');
		const all = JSON.stringify(
			['second_factors', 'recovery_codes', 'audit_log', 'notices'].map((table) =>
				(room.db.prepare(`SELECT * FROM ${table}`).all() as Record<string, unknown>[]).map((row) =>
					Object.values(row).map((value) => (Buffer.isBuffer(value) ? value.toString('latin1') : value)),
				),
			),
		);
		expect([secret, ...codes, codes[0]!.replaceAll('-', '')].filter((word) => all.includes(word))).toEqual([]);
	});

	it('is taken away by an administrator for who has lost it: signed out, told, audited', async () => {
		await enrol(ada);
		expect(await codeOf(room.signIn('ada'))).toBe('second-factor-required');
		await room.accounts.secondFactors.reset(ada.userId, SYSTEM);
		expect(room.ended.at(-1)).toEqual({ userSeq: ada.userSeq, credentialId: null });
		expect(await room.accounts.sessions.list(ada)).toEqual([]);
		expect(await codeOf(room.signIn('ada'))).toBe('done');
		expect(await codeOf(room.accounts.secondFactors.reset(ada.userId, SYSTEM))).toBe('wrong-state');
		expect(toldTo(ada).at(-1)).toMatchObject({ kind: 'account', title: 'Your second factor was taken away' });
		expect(await room.audited('second-factor.reset')).toMatchObject([{ object: ada.userId }]);
	});
});

describe('the rule of a role', () => {
	it('lets sessions do nothing but set one up; whoever makes it has one', async () => {
		const { secondFactors, authenticator } = room.accounts;
		const root = await room.signIn('root');
		const other = await room.user('second', 'administrator');
		const second = await room.signIn('second');
		expect(await codeOf(secondFactors.setRule(root.actor, ['administrator']))).toBe('wrong-state');
		expect(await secondFactors.rule()).toEqual([]);
		const { app } = await enrol(root.actor);
		await secondFactors.setRule(root.actor, ['administrator', 'administrator']);
		expect(await secondFactors.rule()).toEqual(['administrator']);
		const mustEnrol = async (secret: string) => (await authenticator.session(secret, HOME))?.session?.mustEnrol;
		expect(await mustEnrol(root.secret)).toBe(false);
		expect(await mustEnrol(second.secret)).toBe(true);
		expect(room.ended.at(-1)).toMatchObject({ credentialId: null });
		const again = await room.signIn('second');
		expect(again.actor.session?.mustEnrol).toBe(true);
		await enrol(again.actor);
		expect(await mustEnrol(again.secret)).toBe(false);
		room.pass(60_000);
		await secondFactors.remove((await room.signIn('root', { code: app.next() })).actor);
		expect(await mustEnrol(root.secret)).toBe(true);
		await room.accounts.users.change(other.id, { role: 'user' }, SYSTEM);
		const entries = await room.audited('second-factor.require');
		expect(entries).toHaveLength(1);
	});
});
