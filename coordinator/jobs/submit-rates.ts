import { CodedError } from '../../shared/coded-error.ts';
import { TokenBucket } from '../../shared/token-bucket.ts';
import type { PolicyBook } from '../qos/policy.ts';

/** When so many people are remembered, those whose buckets are full again are forgotten. */
const FIRST_SWEEP = 1_000;

/**
 * Holds each person to the rate at which the class lets tasks be submitted. Kept in memory: after a restart everybody has
 * the whole burst again. A full bucket is as good as none, so memory goes with the people who submitted of late.
 */
export class SubmitRates {
	readonly #policies: PolicyBook;
	readonly #now: () => number;
	readonly #buckets = new Map<number, TokenBucket>();
	#sweepAt = FIRST_SWEEP;

	constructor(options: { policies: PolicyBook; now?: () => number }) {
		this.#policies = options.policies;
		this.#now = options.now ?? (() => performance.now());
	}

	/**
	 * Takes as many tokens as there are tasks. Throws `too-many-requests` with the time after which they can be had, or
	 * `too-many-tasks` when they never can at once. What it gives back returns tokens of tasks that were not made.
	 */
	take(userSeq: number, tasks: number): (unused: number) => void {
		const { serviceClass, settings } = this.#policies.of(userSeq);
		const { submits } = settings.rates;
		if (submits === null) {
			this.#buckets.delete(userSeq);
			return NOTHING;
		}
		const { perMinute, burst } = submits;
		if (tasks > burst) {
			throw new CodedError(
				'too-many-tasks',
				`Your service class ${serviceClass} lets ${burst} tasks be submitted at once and ${perMinute} a minute on average; this batch holds ${tasks}. Send it in batches of ${burst} or fewer.`,
			);
		}
		const bucket = this.#bucketOf(userSeq, { perSecond: perMinute / 60, burst });
		if (!bucket.take(tasks)) {
			const retryAfter = Math.max(1, Math.ceil(bucket.waitMs(tasks) / 1_000));
			throw new CodedError(
				'too-many-requests',
				`Your service class ${serviceClass} lets ${perMinute} tasks a minute be submitted, ${burst} at once after a rest. Try again in ${retryAfter} s.`,
				{ retryAfter },
			);
		}
		return (unused) => bucket.giveBack(unused);
	}

	/** People who are remembered. */
	get size(): number {
		return this.#buckets.size;
	}

	#bucketOf(userSeq: number, rate: { perSecond: number; burst: number }): TokenBucket {
		const known = this.#buckets.get(userSeq);
		if (known) {
			known.setRate(rate);
			return known;
		}
		if (this.#buckets.size >= this.#sweepAt) {
			for (const [who, bucket] of this.#buckets) if (bucket.isFull) this.#buckets.delete(who);
			// Twice as many as are left, so that sweeping costs each submit next to nothing.
			this.#sweepAt = Math.max(FIRST_SWEEP, 2 * this.#buckets.size);
		}
		const bucket = new TokenBucket(rate, this.#now);
		this.#buckets.set(userSeq, bucket);
		return bucket;
	}
}

const NOTHING = (): void => {};
