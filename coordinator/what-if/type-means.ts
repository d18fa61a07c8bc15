/** Taken when nothing at all has ended in the period. Milliseconds in a slot. */
const UNKNOWN_MS = 1_000;

/** Mean costs by task type, for tasks of which it is not known what they would have cost. */
export class TypeMeans {
	readonly #sums = new Map<string, { sum: number; count: number }>();
	#sum = 0;
	#count = 0;

	add(type: string, cost: number): void {
		const one = this.#sums.get(type) ?? { sum: 0, count: 0 };
		this.#sums.set(type, { sum: one.sum + cost, count: one.count + 1 });
		this.#sum += cost;
		this.#count += 1;
	}

	/** Of the type; of all types when none of it has ended. */
	of(type: string): number {
		const one = this.#sums.get(type);
		if (one) return one.sum / one.count;
		return this.#count === 0 ? UNKNOWN_MS : this.#sum / this.#count;
	}
}
