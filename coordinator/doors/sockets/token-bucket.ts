/** Lets so much through a second, and a burst of so much at once; what is taken beyond is refused. */
export class TokenBucket {
	readonly #perMs: number;
	readonly #burst: number;
	readonly #now: () => number;
	#left: number;
	#at: number;

	constructor(options: { perSecond: number; burst: number; now?: () => number }) {
		this.#perMs = options.perSecond / 1_000;
		this.#burst = options.burst;
		this.#now = options.now ?? (() => performance.now());
		this.#left = options.burst;
		this.#at = this.#now();
	}

	/** False when there is not so much left; then nothing is taken. */
	take(count: number): boolean {
		const now = this.#now();
		this.#left = Math.min(this.#burst, this.#left + (now - this.#at) * this.#perMs);
		this.#at = now;
		if (this.#left < count) return false;
		this.#left -= count;
		return true;
	}
}
