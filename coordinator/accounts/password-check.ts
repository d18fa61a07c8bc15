import { CodedError } from '../../shared/coded-error.ts';
import { TokenBucket, type TokenRate } from '../../shared/token-bucket.ts';
import type { AuditLog } from '../audit/audit-log.ts';
import type { Ledger } from '../database/ledger.ts';
import { BoundedMap } from './bounded-map.ts';
import type { Defender } from './defender.ts';
import type { PasswordHasher } from './password-hasher.ts';
import { findPassword, type PasswordRecord, rehashPassword } from './password-store.ts';
import type { FactorShown, SecondFactors } from './second-factors.ts';
import { SignInDelays } from './sign-in-delays.ts';
import { UnprovenSignIns } from './unproven-sign-ins.ts';
import { tellUnproven } from './unproven-store.ts';
import { usernameKey } from './user-record.ts';

/** How often somebody who is signed in may show the password again: each time costs a hash, and a right one an audit entry. */
const AGAIN: TokenRate = { perSecond: 0.2, burst: 20 };
const MOST_PACED = 10_000;

interface Try {
	username: string;
	password: string;
	address: string;
	/** What is tried, as audited. */
	action: 'session.create' | 'session.confirm' | 'password.change';
	/** Whether the second factor is asked for where there is one. */
	asksCode?: boolean;
	code?: string | undefined;
	/** Somebody who is signed in already: rests by this session, so that nobody else's tries get in the way. */
	session: string | null;
}

/** Somebody who has shown enough. */
export type Known = PasswordRecord & { factorShown: FactorShown | null };

/** What was shown is not enough, or wrong; of a sign-in it is audited what was missing. */
interface Fault {
	good: false | null;
	code: 'bad-credentials' | 'second-factor-required' | 'second-factor-wrong';
}
const DETAILS: Record<Fault['code'], Record<string, string>> = {
	'bad-credentials': {},
	'second-factor-required': { missing: 'second-factor' },
	'second-factor-wrong': { wrong: 'second-factor' },
};

/** Checks name, password and code against guessing: an unknown name takes as long and says the same as a wrong password. */
export class PasswordCheck {
	readonly #ledger: Ledger;
	readonly #audit: AuditLog;
	readonly #hasher: PasswordHasher;
	readonly #defender: Defender;
	readonly #factors: Pick<SecondFactors, 'spend'>;
	readonly #delays: SignInDelays;
	readonly #unproven: UnprovenSignIns;
	readonly #paces = new BoundedMap<string, TokenBucket>(MOST_PACED);
	readonly #now: () => number;

	constructor(options: {
		ledger: Ledger;
		audit: AuditLog;
		hasher: PasswordHasher;
		defender: Defender;
		factors: Pick<SecondFactors, 'spend'>;
		now: () => number;
	}) {
		this.#ledger = options.ledger;
		this.#audit = options.audit;
		this.#hasher = options.hasher;
		this.#defender = options.defender;
		this.#factors = options.factors;
		this.#delays = new SignInDelays(options.now);
		this.#unproven = new UnprovenSignIns(options.now);
		this.#now = options.now;
	}

	/**
	 * Whose name and password these are; throws `bad-credentials`, `second-factor-required` (the password was right and
	 * there is no code), `second-factor-wrong`, `too-many-requests` or `banned`.
	 */
	async check(attempt: Try): Promise<Known> {
		const { username, address, session } = attempt;
		const key = usernameKey(username);
		if (session === null) this.#defender.check(address);
		else this.#pace(key);
		const user = await this.#ledger.read(findPassword, { key, address, now: this.#now() });
		const verify = () => {
			// Those before it in line may have led to a ban.
			if (session === null) this.#defender.check(address);
			return this.#verify(attempt, user);
		};
		// Where the owner is signed in, the account rests only for tries from there: a stranger elsewhere cannot lock it.
		const resting = session ?? (user?.known ? `${key}\n${address}` : key);
		const outcome = await this.#delays.run(resting, verify, () => this.#defender.count(address, 'wrong-secret'));
		if (!outcome.good) {
			if (outcome.good === false || session === null) await this.#fail(attempt, user, outcome);
			throw new CodedError(outcome.code);
		}
		return this.#hasher.needsRehash(outcome.known.hash) ? this.#rehash(outcome.known, attempt.password) : outcome.known;
	}

	/** Of one person, whatever the session. */
	#pace(key: string): void {
		const pace = this.#paces.get(key) ?? new TokenBucket(AGAIN, this.#now);
		this.#paces.set(key, pace);
		if (pace.take(1)) return;
		const retryAfter = Math.max(1, Math.ceil(pace.waitMs(1) / 1_000));
		throw new CodedError('too-many-requests', undefined, { retryAfter });
	}

	async #verify(attempt: Try, user: PasswordRecord | undefined): Promise<{ good: true; known: Known } | Fault> {
		const isRight = await this.#hasher.verify(user?.hash ?? null, attempt.password);
		if (!isRight || user?.disabled !== 0) return { good: false, code: 'bad-credentials' };
		if (!attempt.asksCode || user.hasFactor === 0) return { good: true, known: { ...user, factorShown: null } };
		// Else a right password would forgive the wrong codes before it, and codes could be guessed without a delay.
		const { code, address, session } = attempt;
		if (code === undefined) {
			if (session !== null) return { good: null, code: 'second-factor-required' };
			// Every sign-in begins so, once; whoever begins again and again has the password and nothing else.
			const isFirst = this.#unproven.from(user.seq, address) === 0;
			await this.#noteUnproven(user, address);
			return { good: isFirst ? null : false, code: 'second-factor-required' };
		}
		const factorShown = await this.#factors.spend(user, code, address);
		if (factorShown) {
			this.#unproven.forgive(user.seq, address);
			return { good: true, known: { ...user, factorShown } };
		}
		await this.#noteUnproven(user, address);
		return { good: false, code: 'second-factor-wrong' };
	}

	/** The password was right: when that goes on, somebody else has it. */
	async #noteUnproven({ seq: userSeq, id: userId }: PasswordRecord, address: string): Promise<void> {
		if (!this.#unproven.add(userSeq, address)) return;
		await this.#ledger.write(tellUnproven, { userSeq, userId, address, now: this.#now() });
	}

	/** The name that was tried is not recorded: people type passwords into the wrong field. */
	async #fail({ action, address }: Try, user: PasswordRecord | undefined, { good, code }: Fault): Promise<void> {
		const now = this.#now();
		const actor = user?.id ?? 'unknown';
		const detail = DETAILS[code];
		await this.#audit.record({ at: now, actor, action, object: actor, outcome: 'refused', address, detail });
		if (good === false) await this.#defender.count(address, user ? 'wrong-secret' : 'unknown-user');
	}

	async #rehash(user: Known, password: string): Promise<Known> {
		const hash = await this.#hasher.hash(password);
		await this.#ledger.write(rehashPassword, { userSeq: user.seq, hash, expected: user.hash });
		return { ...user, hash };
	}
}
