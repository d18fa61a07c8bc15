import type { z } from 'zod';
import { CodedError } from '../../shared/coded-error.ts';
import type { sessionViewSchema } from '../../shared/protocol/account.ts';
import type { Doer } from '../audit/doer.ts';
import type { Ledger } from '../database/ledger.ts';
import { newId } from '../database/new-id.ts';
import type { Announcer } from '../report/announcer.ts';
import type { AccountEvents } from './account-events.ts';
import type { Actor } from './actor.ts';
import { doerOf } from './actor.ts';
import type { Authenticator } from './authenticator.ts';
import type { PasswordCheck } from './password-check.ts';
import { digestOf, newSessionSecret } from './secrets.ts';
import {
	beginSession,
	confirmSession,
	endOtherSessions,
	endSession,
	listSessions,
	sweepSessions,
} from './session-store.ts';

export type SessionView = z.infer<typeof sessionViewSchema>;

const MOST_USER_AGENT = 256;
/** Ended sessions stay so long in the ledger, so that a late cookie is known for an old one. */
const KEPT_AFTER_END_MS = 7 * 24 * 3_600_000;

/** Where people are signed in. A sign-in always makes a new session with a new secret. */
export class Sessions {
	/** How long a session lasts at most, whatever its use. */
	readonly maxMs: number;
	readonly #idleMs: number;
	readonly #ledger: Ledger;
	readonly #check: PasswordCheck;
	readonly #authenticator: Authenticator;
	readonly #announcer: Announcer<AccountEvents>;
	readonly #now: () => number;

	constructor(options: {
		ledger: Ledger;
		check: PasswordCheck;
		authenticator: Authenticator;
		announcer: Announcer<AccountEvents>;
		idleMs: number;
		maxMs: number;
		now: () => number;
	}) {
		this.#ledger = options.ledger;
		this.#check = options.check;
		this.#authenticator = options.authenticator;
		this.#announcer = options.announcer;
		this.#idleMs = options.idleMs;
		this.maxMs = options.maxMs;
		this.#now = options.now;
	}

	/** Name, password and code for a session's secret; `current` is who the caller was before, whose session then ends. */
	async signIn(who: {
		username: string;
		password: string;
		/** Of the second factor, where there is one. */
		code?: string | undefined;
		address: string;
		userAgent: string;
		current: Actor | null;
	}): Promise<{ secret: string; actor: Actor }> {
		const { username, password, address, current } = who;
		const user = await this.#check.check({
			...{ username, password, address, code: who.code },
			...{ action: 'session.create', session: null, asksCode: true },
		});
		const now = this.#now();
		const secret = newSessionSecret();
		const id = newId('session', now);
		const previous = current?.via === 'session' ? current : null;
		const isSamePerson = previous?.userSeq === user.seq;
		const session = {
			id,
			digest: digestOf(secret),
			userSeq: user.seq,
			userId: user.id,
			passwordHash: user.hash,
			expiresAt: now + this.maxMs,
			address,
			userAgent: who.userAgent.slice(0, MOST_USER_AGENT),
			secondFactor: user.factorShown,
			replaces: isSamePerson ? previous.credentialId : null,
		};
		const ended = await this.#ledger.write(beginSession, { session, now });
		for (const credentialId of ended) this.#tell(user.seq, credentialId);
		if (previous && !isSamePerson) await this.end(previous, previous.credentialId).catch(() => {});
		const { seq: userSeq, id: userId, role } = user;
		return {
			secret,
			actor: {
				userSeq,
				userId,
				username: user.username,
				role,
				via: 'session',
				scopes: null,
				credentialId: id,
				session: { confirmedAt: now, mustEnrol: user.mustEnrol === 1 },
				address,
			},
		};
	}

	/** The person shows the password again, and the code where there is a second factor: privileged acts may follow. */
	async confirm(actor: Actor, shown: { password: string; code?: string | undefined }): Promise<void> {
		const { username, address, credentialId, userSeq } = actor;
		if (actor.via !== 'session')
			throw new CodedError('wrong-state', 'Only a session is confirmed; tokens have scopes.');
		const user = await this.#check.check({
			...{ username, password: shown.password, code: shown.code, address },
			...{ action: 'session.confirm', session: credentialId, asksCode: true },
		});
		const confirmed = { id: credentialId, userSeq, passwordHash: user.hash };
		await this.#ledger.write(confirmSession, { ...confirmed, by: doerOf(actor), now: this.#now() });
		this.#authenticator.forgetCredential(credentialId);
	}

	/** Ends all of the person's sessions but the one that asks. */
	async endOthers(actor: Actor): Promise<void> {
		const { userSeq, credentialId: keep } = actor;
		const ended = await this.#ledger.write(endOtherSessions, { keep, userSeq, by: doerOf(actor), now: this.#now() });
		for (const credentialId of ended) this.#tell(userSeq, credentialId);
	}

	/** Ends one of the person's own sessions; throws `not-found`. */
	end(actor: Actor, id: string): Promise<void> {
		return this.endOf(actor.userSeq, id, doerOf(actor));
	}

	/** Ends a session of anybody; throws `not-found`. */
	async endOf(userSeq: number, id: string, by: Doer): Promise<void> {
		await this.#ledger.write(endSession, { id, userSeq, by, now: this.#now() });
		this.#tell(userSeq, id);
	}

	/** The person's sessions, the last used first. */
	list(actor: Actor): Promise<SessionView[]> {
		return this.listOf(actor.userSeq, actor);
	}

	/** Anybody's sessions, the last used first, as somebody sees them. */
	async listOf(userSeq: number, actor: Actor): Promise<SessionView[]> {
		const now = this.#now();
		const rows = await this.#ledger.read(listSessions, { userSeq, now, usedAfter: now - this.#idleMs });
		return rows.map(({ id, createdAt, lastUsedAt, address, userAgent }) => ({
			id,
			createdAt: new Date(createdAt).toISOString(),
			lastUsedAt: new Date(lastUsedAt).toISOString(),
			address,
			userAgent,
			current: id === actor.credentialId,
		}));
	}

	/** Removes sessions that ended by themselves a while ago; how many. */
	sweep(): Promise<number> {
		const before = this.#now() - KEPT_AFTER_END_MS;
		return this.#ledger.write(sweepSessions, { before, usedBefore: before - this.#idleMs });
	}

	#tell(userSeq: number, credentialId: string): void {
		this.#authenticator.forgetCredential(credentialId);
		this.#announcer.announce('account:ended', { userSeq, credentialId });
	}
}
