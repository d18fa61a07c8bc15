/** Taken for a task whose type has no history. Milliseconds in a slot. */
const UNKNOWN_MS = 1_000;
/** Weight of the newest task in the mean. */
const NEWEST = 0.1;

/** What tasks of each type usually cost. */
export class TypeCosts {
	readonly #means = new Map<string, number>();

	expected(type: string): number {
		return this.#means.get(type) ?? UNKNOWN_MS;
	}

	learn(type: string, cost: number): void {
		const mean = this.#means.get(type);
		this.#means.set(type, mean === undefined ? cost : mean + (cost - mean) * NEWEST);
	}
}
