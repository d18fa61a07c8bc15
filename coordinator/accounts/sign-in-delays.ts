import { CodedError } from '../../shared/coded-error.ts';
import { BoundedMap } from './bounded-map.ts';

const FIRST_DELAY_MS = 1_000;
const LONGEST_DELAY_MS = 30_000;
const FORGOTTEN_AFTER_MS = 30 * 60_000;
const MOST_KEYS = 100_000;
/** Tries for one account that wait for each other. */
const MOST_IN_LINE = 20;

interface Outcome {
	/** Null: neither right nor wrong, as long as something is still to be shown; then nothing is forgiven, and nothing counted. */
	good: boolean | null;
}

/**
 * After a wrong password the account rests: 1 s, 2 s, 4 s ... 30 s at most. Keys are what rests: an account by its name
 * whether it exists or not, or an account from one address where its owner is known to be.
 */
export class SignInDelays {
	readonly #failures = new BoundedMap<string, { count: number; restsUntil: number; at: number }>(MOST_KEYS);
	readonly #lines = new Map<string, { last: Promise<unknown>; length: number }>();
	readonly #now: () => number;

	constructor(now: () => number) {
		this.#now = now;
	}

	/**
	 * Runs one try of a key after those before it, so that many at once do not slip through together. The try says whether
	 * what was shown was right. While the key rests it is not made: `onEarly` is called, then `too-many-requests` thrown.
	 */
	async run<T extends Outcome>(key: string, attempt: () => Promise<T>, onEarly: () => Promise<unknown>): Promise<T> {
		const line = this.#lines.get(key) ?? { last: Promise.resolve(), length: 0 };
		if (line.length >= MOST_IN_LINE) {
			await onEarly();
			throw resting(FIRST_DELAY_MS);
		}
		this.#lines.set(key, line);
		line.length++;
		const mine = line.last.then(() => this.#try(key, attempt, onEarly));
		line.last = mine.catch(() => {});
		try {
			return await mine;
		} finally {
			if (--line.length === 0) this.#lines.delete(key);
		}
	}

	async #try<T extends Outcome>(key: string, attempt: () => Promise<T>, onEarly: () => Promise<unknown>): Promise<T> {
		const failed = this.#failures.get(key);
		const left = (failed?.restsUntil ?? 0) - this.#now();
		if (left > 0) {
			await onEarly();
			throw resting(left);
		}
		const outcome = await attempt();
		const now = this.#now();
		if (outcome.good === true) this.#failures.delete(key);
		else if (outcome.good === false) {
			const before = failed && failed.at > now - FORGOTTEN_AFTER_MS ? failed.count : 0;
			const delay = Math.min(FIRST_DELAY_MS * 2 ** before, LONGEST_DELAY_MS);
			this.#failures.set(key, { count: before + 1, restsUntil: now + delay, at: now });
		}
		return outcome;
	}
}

const resting = (leftMs: number): CodedError => {
	const seconds = Math.ceil(leftMs / 1_000);
	return new CodedError('too-many-requests', `After a wrong password or code one has to wait: ${seconds} s from now.`, {
		retryAfter: seconds,
	});
};
