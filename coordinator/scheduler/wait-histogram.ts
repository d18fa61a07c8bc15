/** Neighbouring buckets are 1 % apart: a quantile is off by half of that at most. */
const STEP = Math.log(1.01);

/** How long tasks waited, as counts in ever wider buckets: millions of them in a few kilobytes. */
export class WaitHistogram {
	readonly #counts = new Map<number, number>();
	#size = 0;
	#sum = 0;
	#most = 0;

	get size(): number {
		return this.#size;
	}

	get meanMs(): number {
		return this.#size === 0 ? 0 : this.#sum / this.#size;
	}

	get mostMs(): number {
		return this.#most;
	}

	add(ms: number): void {
		const bucket = Math.round(Math.log1p(Math.max(0, ms)) / STEP);
		this.#counts.set(bucket, (this.#counts.get(bucket) ?? 0) + 1);
		this.#size += 1;
		this.#sum += ms;
		if (ms > this.#most) this.#most = ms;
	}

	/** Takes in what another has counted. */
	include(other: WaitHistogram): void {
		for (const [bucket, count] of other.#counts) this.#counts.set(bucket, (this.#counts.get(bucket) ?? 0) + count);
		this.#size += other.#size;
		this.#sum += other.#sum;
		this.#most = Math.max(this.#most, other.#most);
	}

	/** The wait that these shares of all were not above; shares in rising order, from 0 to 1. Zero when there are none. */
	quantiles(shares: readonly number[]): number[] {
		const buckets = [...this.#counts].sort(([a], [b]) => a - b);
		let at = -1;
		let passed = 0;
		return shares.map((share) => {
			const wanted = Math.max(1, Math.ceil(share * this.#size));
			while (passed < wanted && at + 1 < buckets.length) {
				at += 1;
				passed += buckets[at]![1];
			}
			return at < 0 ? 0 : Math.min(Math.expm1(buckets[at]![0] * STEP), this.#most);
		});
	}
}
