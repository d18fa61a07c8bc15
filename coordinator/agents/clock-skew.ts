/** So many of the last sayings count. */
const KEPT = 10;

/**
 * How far a machine's clock is from ours. What it says arrives late and never early, so of the last sayings the one that
 * looks furthest ahead is nearest to the truth: no round trip has to be measured.
 */
export class ClockSkew {
	#heard: number[] = [];

	heard(clock: number, now: number): void {
		this.#heard = [...this.#heard.slice(1 - KEPT), clock - now];
	}

	/** Ahead of ours is more than zero; null: it has said nothing. */
	get ms(): number | null {
		return this.#heard.length === 0 ? null : Math.max(...this.#heard);
	}
}
