/** What was asked back and has not come after so long is counted on no more: its node may be out of its mind. */
export const COMES_WITHIN_MS = 5_000;

/** Leases that were asked to give their slots back and have not yet. */
export class AskedBack {
	/** When, by seq; in the order of asking. */
	readonly #at = new Map<number, number>();

	add(seq: number, now: number): void {
		this.#at.set(seq, now);
	}

	delete(seq: number): void {
		this.#at.delete(seq);
	}

	has(seq: number): boolean {
		return this.#at.has(seq);
	}

	/** Until when something is still counted on; null if nothing is. */
	until(now: number): number | null {
		let last: number | null = null;
		for (const at of this.#at.values()) if (at + COMES_WITHIN_MS > now) last = at + COMES_WITHIN_MS;
		return last;
	}
}
