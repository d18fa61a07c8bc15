/** Binary heap; `moved` tells each item its place, for heaps whose items are re-sorted or taken out of the middle. */
export class Heap<T> {
	readonly #before: (a: T, b: T) => boolean;
	readonly #moved: ((item: T, at: number) => void) | null;
	#items: T[] = [];

	constructor(before: (a: T, b: T) => boolean, moved: ((item: T, at: number) => void) | null = null) {
		this.#before = before;
		this.#moved = moved;
	}

	get size(): number {
		return this.#items.length;
	}

	/** In no particular order. */
	get items(): readonly T[] {
		return this.#items;
	}

	peek(): T | undefined {
		return this.#items[0];
	}

	push(item: T): void {
		this.#items.push(item);
		this.#rise(item, this.#items.length - 1);
	}

	pop(): T | undefined {
		const first = this.#items[0];
		if (first !== undefined) this.removeAt(0);
		return first;
	}

	/** Takes out the item at this place. */
	removeAt(at: number): void {
		const last = this.#items.pop();
		if (last === undefined || at === this.#items.length) return;
		this.#items[at] = last;
		this.#moved?.(last, at);
		this.resort(at);
	}

	/** Moves the item at this place to where it belongs now. */
	resort(at: number): void {
		const item = this.#items[at] as T;
		if (at > 0 && this.#before(item, this.#items[(at - 1) >> 1] as T)) this.#rise(item, at);
		else this.#sink(item, at);
	}

	/** Keeps only the items that pass. */
	keep(passes: (item: T) => boolean): void {
		const kept = this.#items.filter(passes);
		this.#items = [];
		for (const item of kept) this.push(item);
	}

	#rise(item: T, from: number): void {
		const items = this.#items;
		let at = from;
		while (at > 0) {
			const above = (at - 1) >> 1;
			const parent = items[above] as T;
			if (!this.#before(item, parent)) break;
			this.#put(parent, at);
			at = above;
		}
		this.#put(item, at);
	}

	#sink(item: T, from: number): void {
		const items = this.#items;
		const size = items.length;
		let at = from;
		for (;;) {
			let below = 2 * at + 1;
			if (below >= size) break;
			if (below + 1 < size && this.#before(items[below + 1] as T, items[below] as T)) below += 1;
			const child = items[below] as T;
			if (!this.#before(child, item)) break;
			this.#put(child, at);
			at = below;
		}
		this.#put(item, at);
	}

	#put(item: T, at: number): void {
		this.#items[at] = item;
		this.#moved?.(item, at);
	}
}
