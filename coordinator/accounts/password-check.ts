import { CodedError } from '../../shared/coded-error.ts';
import type { AuditLog } from '../audit/audit-log.ts';
import type { Ledger } from '../database/ledger.ts';
import type { Defender } from './defender.ts';
import type { PasswordHasher } from './password-hasher.ts';
import { findPassword, type PasswordRecord, rehashPassword } from './password-store.ts';
import { SignInDelays } from './sign-in-delays.ts';
import { usernameKey } from './user-record.ts';

interface Try {
	username: string;
	password: string;
	address: string;
	/** What is tried, as audited. */
	action: 'session.create' | 'password.change';
	/** Somebody who is signed in already: rests by this session, so that nobody else's tries get in the way. */
	session: string | null;
}

/** Checks name and password against guessing: an unknown name takes as long and says the same as a wrong password. */
export class PasswordCheck {
	readonly #ledger: Ledger;
	readonly #audit: AuditLog;
	readonly #hasher: PasswordHasher;
	readonly #defender: Defender;
	readonly #delays: SignInDelays;
	readonly #now: () => number;

	constructor(options: {
		ledger: Ledger;
		audit: AuditLog;
		hasher: PasswordHasher;
		defender: Defender;
		now: () => number;
	}) {
		this.#ledger = options.ledger;
		this.#audit = options.audit;
		this.#hasher = options.hasher;
		this.#defender = options.defender;
		this.#delays = new SignInDelays(options.now);
		this.#now = options.now;
	}

	/** Whose name and password these are; throws `bad-credentials`, `too-many-requests` or `banned`. */
	async check(attempt: Try): Promise<PasswordRecord> {
		const { username, password, address, session } = attempt;
		if (session === null) this.#defender.check(address);
		const key = usernameKey(username);
		const user = await this.#ledger.read(findPassword, { key, address, now: this.#now() });
		const verify = async () => {
			// Those before it in line may have led to a ban.
			if (session === null) this.#defender.check(address);
			const good = await this.#hasher.verify(user?.hash ?? null, password);
			return { good: good && user?.disabled === 0 };
		};
		// Where the owner is signed in, the account rests only for tries from there: a stranger elsewhere cannot lock it.
		const resting = session ?? (user?.known ? `${key}\n${address}` : key);
		const { good } = await this.#delays.run(resting, verify, () => this.#defender.count(address, 'wrong-secret'));
		if (!good || !user) {
			await this.#fail(attempt, user);
			throw new CodedError('bad-credentials');
		}
		return this.#hasher.needsRehash(user.hash) ? this.#rehash(user, password) : user;
	}

	/** The name that was tried is not recorded: people type passwords into the wrong field. */
	async #fail({ action, address }: Try, user: PasswordRecord | undefined): Promise<void> {
		const now = this.#now();
		const actor = user?.id ?? 'unknown';
		await this.#audit.record({ at: now, actor, action, object: actor, outcome: 'refused', address, detail: {} });
		await this.#defender.count(address, user ? 'wrong-secret' : 'unknown-user');
	}

	async #rehash(user: PasswordRecord, password: string): Promise<PasswordRecord> {
		const hash = await this.#hasher.hash(password);
		await this.#ledger.write(rehashPassword, { userSeq: user.seq, hash, expected: user.hash });
		return { ...user, hash };
	}
}
