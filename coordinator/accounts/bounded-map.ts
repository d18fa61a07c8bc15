/** A map with a largest size: what was put in first goes first. */
export class BoundedMap<K, V> {
	readonly #map = new Map<K, V>();
	readonly #most: number;

	constructor(most: number) {
		this.#most = most;
	}

	get size(): number {
		return this.#map.size;
	}

	get(key: K): V | undefined {
		return this.#map.get(key);
	}

	has(key: K): boolean {
		return this.#map.has(key);
	}

	/** Puts the key at the young end, also when it was there already. */
	set(key: K, value: V): void {
		this.#map.delete(key);
		if (this.#map.size >= this.#most) this.#map.delete(this.#map.keys().next().value as K);
		this.#map.set(key, value);
	}

	delete(key: K): boolean {
		return this.#map.delete(key);
	}

	entries(): IterableIterator<[K, V]> {
		return this.#map.entries();
	}
}
