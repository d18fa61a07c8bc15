import { setFlagsFromString } from 'node:v8';

/** With more tasks in line than this the heap is held tight, with less than the other no more. */
const TIGHT_ABOVE = 150_000;
const LOOSE_BELOW = 100_000;
/** So much a tight heap may grow before it is collected whole. */
const TIGHT_GROWTH_PERCENT = 20;

/**
 * V8 lets a heap grow to about twice what lives in it before it collects all of it. That saves time while it is small;
 * beside an index of a million tasks it is half a gigabyte of garbage. V8 reads the flag at each collection, so that it
 * may be changed while the process runs.
 */
export class HeapPace {
	readonly #setFlags: (flags: string) => void;
	#isTight = false;

	constructor(setFlags: (flags: string) => void = setFlagsFromString) {
		this.#setFlags = setFlags;
	}

	/** Takes how many tasks are in the index and sets the pace by them. */
	adjust(tasks: number): void {
		const isTight = tasks > (this.#isTight ? LOOSE_BELOW : TIGHT_ABOVE);
		if (isTight === this.#isTight) return;
		this.#isTight = isTight;
		this.#setFlags(`--heap-growing-percent=${isTight ? TIGHT_GROWTH_PERCENT : 0}`);
	}
}
