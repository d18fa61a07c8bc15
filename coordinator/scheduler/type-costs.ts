/** Taken for a task whose type has no history. Milliseconds in a slot. */
const UNKNOWN_MS = 1_000;
/** Weight of the newest task in the mean. */
const NEWEST = 0.1;
/** A type whose tasks take no longer than this on average is short; and long again only when they take clearly longer. */
export const SHORT_MS = 2_000;
const SHORT_NO_MORE_MS = 3_000;

/** What tasks of each type usually cost; a type without history is taken for a short one. */
export class TypeCosts {
	readonly #means = new Map<string, number>();
	readonly #long = new Set<string>();

	expected(type: string): number {
		return this.#means.get(type) ?? UNKNOWN_MS;
	}

	isKnown(type: string): boolean {
		return this.#means.has(type);
	}

	isShort(type: string): boolean {
		return !this.#long.has(type);
	}

	/** A task has ended; true if by this its type has become a short or a long one. */
	learn(type: string, cost: number): boolean {
		const before = this.#means.get(type);
		const mean = before === undefined ? cost : before + (cost - before) * NEWEST;
		this.#means.set(type, mean);
		if (mean <= SHORT_MS) return this.#long.delete(type);
		if (this.#long.has(type) || (before !== undefined && mean <= SHORT_NO_MORE_MS)) return false;
		this.#long.add(type);
		return true;
	}
}
