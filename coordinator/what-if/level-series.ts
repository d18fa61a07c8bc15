/** The mean of a level in equal pieces of a period; the level may change at any moment, but not back in time. */
export class LevelSeries {
	readonly #from: number;
	readonly #bucketMs: number;
	readonly #areas: Float64Array;
	#bucket = 0;
	#level = 0;
	#at: number;

	constructor(from: number, until: number, buckets: number) {
		this.#from = from;
		this.#at = from;
		this.#bucketMs = Math.max(until - from, 1) / buckets;
		this.#areas = new Float64Array(buckets);
	}

	get level(): number {
		return this.#level;
	}

	add(change: number, now: number): void {
		this.#spread(now);
		this.#level += change;
	}

	set(level: number, now: number): void {
		this.add(level - this.#level, now);
	}

	/** The means, with the last level lasting until then; what lies after the period does not count. */
	means(until: number): number[] {
		this.#spread(until);
		return [...this.#areas].map((area) => area / this.#bucketMs);
	}

	#spread(now: number): void {
		while (this.#at < now && this.#bucket < this.#areas.length) {
			const edge = this.#from + (this.#bucket + 1) * this.#bucketMs;
			const next = Math.min(edge, now);
			if (next > this.#at) {
				this.#areas[this.#bucket]! += this.#level * (next - this.#at);
				this.#at = next;
			}
			if (next === edge) this.#bucket += 1;
		}
	}
}
