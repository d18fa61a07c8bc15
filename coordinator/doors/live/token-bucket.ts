/** Lets so much through a second, and a burst of so much at once. */
export class TokenBucket {
	readonly #perMs: number;
	readonly #burst: number;
	#left: number;
	#at = performance.now();

	constructor(perSecond: number, burst: number) {
		this.#perMs = perSecond / 1_000;
		this.#burst = burst;
		this.#left = burst;
	}

	/** False when there is nothing left. */
	take(): boolean {
		const now = performance.now();
		this.#left = Math.min(this.#burst, this.#left + (now - this.#at) * this.#perMs);
		this.#at = now;
		if (this.#left < 1) return false;
		this.#left -= 1;
		return true;
	}
}
