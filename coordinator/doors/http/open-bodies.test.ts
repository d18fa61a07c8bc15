import { pino } from 'pino';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { CodedError } from '../../../shared/coded-error.ts';
import { testActor } from '../../../test/support/bare-routes.ts';
import type { AccountEvents } from '../../accounts/account-events.ts';
import { Announcer } from '../../report/announcer.ts';
import { OpenBodies } from './open-bodies.ts';

const announcer = new Announcer<AccountEvents>((error) => {
	throw error;
});
const open = (everyMs?: number) =>
	new OpenBodies({ announcer, logger: pino({ level: 'silent' }), ...(everyMs === undefined ? {} : { everyMs }) });

let bodies: OpenBodies;
let cut: string[];
/** What asking again throws, by whom. */
let refusals: Map<number, Error>;
let asked: number;
beforeEach(() => {
	bodies = open();
	cut = [];
	refusals = new Map();
	asked = 0;
});
afterEach(() => bodies.close());

const watch = (name: string, userSeq: number, more: { credentialId?: string; isCurrent?: boolean } = {}) =>
	bodies.watch(
		{
			actor: testActor(userSeq, { credentialId: more.credentialId ?? 'ses_1' }),
			isCurrent: () => more.isCurrent ?? true,
			askAgain: async () => {
				asked += 1;
				const refusal = refusals.get(userSeq);
				if (refusal) throw refusal;
			},
		},
		() => cut.push(name),
	);

test('a session or token that is ended cuts what streams by it, in the same turn, and nothing else', () => {
	watch('mine', 1, { credentialId: 'tok_1' });
	watch('mine by another', 1, { credentialId: 'tok_2' });
	watch('yours', 2, { credentialId: 'tok_3' });
	announcer.announce('account:ended', { userSeq: 1, credentialId: 'tok_1' });
	expect([cut, bodies.size, asked]).toEqual([['mine'], 2, 0]);
});

test('a person who changed is asked about, and cut only when they may not any more', async () => {
	watch('mine', 1);
	watch('also mine', 1);
	announcer.announce('account:ended', { userSeq: 1, credentialId: null });
	await expect.poll(() => asked).toBe(2);
	expect(cut).toEqual([]);
	refusals.set(1, new CodedError('unauthenticated'));
	announcer.announce('account:ended', { userSeq: 1, credentialId: null });
	await expect.poll(() => cut).toEqual(['mine', 'also mine']);
	expect(bodies.size).toBe(0);
});

test('whoever changed between being let in and the first byte is asked about at once', async () => {
	refusals.set(1, new CodedError('forbidden'));
	watch('mine', 1, { isCurrent: false });
	await expect.poll(() => cut).toEqual(['mine']);
});

test('whoever cannot be known is not let go on', async () => {
	refusals.set(1, new Error('the ledger does not answer'));
	watch('mine', 1);
	announcer.announce('account:ended', { userSeq: 1, credentialId: null });
	await expect.poll(() => cut).toEqual(['mine']);
});

test('what flows for long is asked about now and then: tokens end by themselves', async () => {
	bodies.close();
	bodies = open(5);
	watch('mine', 1);
	watch('yours', 2);
	refusals.set(1, new CodedError('unauthenticated'));
	await expect.poll(() => cut).toEqual(['mine']);
	expect(bodies.size).toBe(1);
});

test('what has flowed is forgotten', () => {
	const forget = watch('mine', 1);
	forget();
	forget();
	expect(bodies.size).toBe(0);
	announcer.announce('account:ended', { userSeq: 1, credentialId: null });
	expect([cut, asked]).toEqual([[], 0]);
});
