/** A set of small numbers as bits: what two sets have in common is one AND per 32 of them. */
export class BitSet {
	#words = new Int32Array(4);
	#size = 0;

	get size(): number {
		return this.#size;
	}

	has(place: number): boolean {
		const word = this.#words[place >>> 5];
		return word !== undefined && (word & (1 << (place & 31))) !== 0;
	}

	set(place: number, present: boolean): void {
		if (this.has(place) === present) return;
		const at = place >>> 5;
		if (at >= this.#words.length) {
			const wider = new Int32Array(Math.max(at + 1, this.#words.length * 2));
			wider.set(this.#words);
			this.#words = wider;
		}
		this.#words[at]! ^= 1 << (place & 31);
		this.#size += present ? 1 : -1;
	}

	clear(): void {
		this.#words.fill(0);
		this.#size = 0;
	}

	/** Puts in all that the other has. */
	add(other: BitSet): void {
		for (let place = other.nextCommon(other, 0); place >= 0; place = other.nextCommon(other, place + 1)) {
			this.set(place, true);
		}
	}

	/** Whether they have anything in common. */
	meets(other: BitSet): boolean {
		const mine = this.#words;
		const theirs = other.#words;
		const end = Math.min(mine.length, theirs.length);
		for (let at = 0; at < end; at += 1) if ((mine[at]! & theirs[at]!) !== 0) return true;
		return false;
	}

	/** Whether they are the same set. */
	equals(other: BitSet): boolean {
		if (this.#size !== other.#size) return false;
		const end = Math.min(this.#words.length, other.#words.length);
		// As many of them: what the longer one had beyond would be missing before.
		for (let at = 0; at < end; at += 1) if (this.#words[at] !== other.#words[at]) return false;
		return true;
	}

	/** The first number from `from` on that is in both sets, or -1. */
	nextCommon(other: BitSet, from: number): number {
		const mine = this.#words;
		const theirs = other.#words;
		const end = Math.min(mine.length, theirs.length);
		let at = from >>> 5;
		if (at >= end) return -1;
		let bits = mine[at]! & theirs[at]! & (-1 << (from & 31));
		while (bits === 0) {
			at += 1;
			if (at >= end) return -1;
			bits = mine[at]! & theirs[at]!;
		}
		return (at << 5) + 31 - Math.clz32(bits & -bits);
	}
}
