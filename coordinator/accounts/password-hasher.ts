import { randomBytes } from 'node:crypto';
import { hash, verify } from '@node-rs/argon2';
import PQueue from 'p-queue';
import { CodedError } from '../../shared/coded-error.ts';
import { normalisePassword } from './password-rules.ts';

/** S1. Hashes with other parameters are made anew when their password is next seen. */
export const HASH_PARAMETERS = { memoryCost: 19_456, timeCost: 2, parallelism: 1 } as const;
const PREFIX = `$argon2id$v=19$m=${HASH_PARAMETERS.memoryCost},t=${HASH_PARAMETERS.timeCost},p=${HASH_PARAMETERS.parallelism}$`;

/** Hashing shares libuv's threads with all file work: 25 ms each, and 100 at once made one `readFile` take 1.2 s. */
const AT_ONCE = 2;
const MOST_WAITING = 50;

/** argon2id, a few at a time; more than it can do soon are refused. */
export class PasswordHasher {
	readonly #queue = new PQueue({ concurrency: AT_ONCE });
	readonly #dummy: string;
	readonly #verify: typeof verify;

	private constructor(dummy: string, by: typeof verify) {
		this.#dummy = dummy;
		this.#verify = by;
	}

	/** `by` does the verifying; a test counts it. */
	static async open(by: typeof verify = verify): Promise<PasswordHasher> {
		return new PasswordHasher(await hash(randomBytes(32), HASH_PARAMETERS), by);
	}

	hash(password: string): Promise<string> {
		return this.#run(() => hash(normalisePassword(password), HASH_PARAMETERS));
	}

	/**
	 * Whether the password is the one of this hash. Without a hash (an unknown user) a dummy is verified instead, so that
	 * the answer takes the same time, and is no.
	 */
	async verify(stored: string | null, password: string): Promise<boolean> {
		const good = await this.#run(() => this.#verify(stored ?? this.#dummy, normalisePassword(password)));
		return good && stored !== null;
	}

	needsRehash(stored: string): boolean {
		return !stored.startsWith(PREFIX);
	}

	async #run<T>(work: () => Promise<T>): Promise<T> {
		if (this.#queue.size >= MOST_WAITING) {
			throw new CodedError('too-many-requests', 'Too many people are signing in at this moment. Try again shortly.', {
				retryAfter: 2,
			});
		}
		return (await this.#queue.add(work)) as T;
	}
}
