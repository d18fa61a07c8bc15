export interface TokenRate {
	perSecond: number;
	burst: number;
}

/** Lets so much through a second, and a burst of so much at once; what is taken beyond is refused. */
export class TokenBucket {
	#rate: TokenRate;
	readonly #now: () => number;
	#left: number;
	#at: number;

	/** `now` tells milliseconds of a clock that never jumps. */
	constructor(rate: TokenRate, now: () => number) {
		this.#rate = rate;
		this.#now = now;
		this.#left = rate.burst;
		this.#at = now();
	}

	/** As much as it can ever hold: then it is as good as a new one. */
	get isFull(): boolean {
		this.#refill();
		return this.#left >= this.#rate.burst;
	}

	/** False when there is not so much left; then nothing is taken. */
	take(count: number): boolean {
		this.#refill();
		if (this.#left < count) return false;
		this.#left -= count;
		return true;
	}

	/** What was taken and not used. */
	giveBack(count: number): void {
		this.#refill();
		this.#left = Math.min(this.#rate.burst, this.#left + count);
	}

	/** Milliseconds until so much can be taken, if nobody else takes: 0 when it can be now, infinite when it never can. */
	waitMs(count: number): number {
		this.#refill();
		if (count > this.#rate.burst) return Number.POSITIVE_INFINITY;
		return Math.max(0, ((count - this.#left) / this.#rate.perSecond) * 1_000);
	}

	/** Holds from now on; what was saved up stays as far as the new burst lets it. */
	setRate(rate: TokenRate): void {
		this.#refill();
		this.#rate = rate;
		this.#left = Math.min(this.#left, rate.burst);
	}

	#refill(): void {
		const now = this.#now();
		this.#left = Math.min(this.#rate.burst, this.#left + ((now - this.#at) / 1_000) * this.#rate.perSecond);
		this.#at = now;
	}
}
