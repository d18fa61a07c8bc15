/** What was used so long ago counts half. */
const HALF_LIFE_MS = 10 * 60_000;
/** After so many half-lives the numbers are made small again; a double has room for a thousand. */
const FOLD_AFTER = 200;

/**
 * The time in which costs fade. Instead of making all old costs smaller as time goes by, new ones are written down
 * larger: the order among accounts is the same, and nothing has to be sorted anew because a minute has passed.
 */
export class FadingTime {
	#epoch: number | null = null;

	/** What a cost that arises now is written down as. */
	written(cost: number, now: number): number {
		this.#epoch ??= now;
		return cost * 2 ** ((now - this.#epoch) / HALF_LIFE_MS);
	}

	/** What a written cost is worth now. */
	worth(written: number, now: number): number {
		return this.#epoch === null ? written : written / 2 ** ((now - this.#epoch) / HALF_LIFE_MS);
	}

	/** A factor for all written costs when they have become large, else null. */
	fold(now: number): number | null {
		if (this.#epoch === null || now - this.#epoch < FOLD_AFTER * HALF_LIFE_MS) return null;
		const factor = 2 ** ((this.#epoch - now) / HALF_LIFE_MS);
		this.#epoch = now;
		return factor;
	}
}
