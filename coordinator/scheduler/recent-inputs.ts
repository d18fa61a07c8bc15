/** Inputs of a node that are remembered; its own cache may hold more or fewer. */
const REMEMBERED = 256;
/** Of one task, so many are looked at. */
const LOOKED_AT = 16;

/** Contents that a node was given lately and so has probably still in its cache. */
export class RecentInputs {
	/** In order of their last use. */
	readonly #keys = new Set<string>();

	/** It is given these now. */
	use(inputs: readonly string[]): void {
		for (const key of inputs.slice(0, LOOKED_AT)) {
			this.#keys.delete(key);
			this.#keys.add(key);
		}
		for (const key of this.#keys) {
			if (this.#keys.size <= REMEMBERED) return;
			this.#keys.delete(key);
		}
	}

	/** How many of these it has. */
	count(inputs: readonly string[]): number {
		let count = 0;
		for (let i = 0; i < inputs.length && i < LOOKED_AT; i += 1) if (this.#keys.has(inputs[i]!)) count += 1;
		return count;
	}
}
