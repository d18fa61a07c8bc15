/** What is absent in a row of values. */
export const ABSENT = Number.NaN;

/** The least, the mean and the most of one measure over some time. */
export interface Spread {
	least: number;
	mean: number;
	most: number;
}

const MASK_BYTES = 4;
const FLOAT_BYTES = 4;

/** One second's values as they are stored: a mask of those that are there, then these, each in four bytes. */
export const packValues = (values: ArrayLike<number>): Buffer => {
	let mask = 0;
	let there = 0;
	for (let i = 0; i < values.length; i += 1) {
		if (Number.isNaN(values[i])) continue;
		mask |= 1 << i;
		there += 1;
	}
	const packed = Buffer.allocUnsafe(MASK_BYTES + there * FLOAT_BYTES);
	packed.writeUInt32LE(mask >>> 0, 0);
	let at = MASK_BYTES;
	for (let i = 0; i < values.length; i += 1) {
		if (Number.isNaN(values[i])) continue;
		packed.writeFloatLE(values[i]!, at);
		at += FLOAT_BYTES;
	}
	return packed;
};

/** Calls back with each value that is there and its place. */
export const eachValue = (packed: Buffer, found: (place: number, value: number) => void): void => {
	const mask = packed.readUInt32LE(0);
	let at = MASK_BYTES;
	for (let place = 0; mask >>> place !== 0 && place < 32; place += 1) {
		if (((mask >>> place) & 1) === 0) continue;
		found(place, packed.readFloatLE(at));
		at += FLOAT_BYTES;
	}
};

/** The spreads of a minute or an hour; undefined where nothing was measured. */
export const packSpreads = (spreads: readonly (Spread | undefined)[]): Buffer => {
	let mask = 0;
	let there = 0;
	for (const [i, spread] of spreads.entries()) {
		if (!spread) continue;
		mask |= 1 << i;
		there += 1;
	}
	const packed = Buffer.allocUnsafe(MASK_BYTES + there * 3 * FLOAT_BYTES);
	packed.writeUInt32LE(mask >>> 0, 0);
	let at = MASK_BYTES;
	for (const spread of spreads) {
		if (!spread) continue;
		packed.writeFloatLE(spread.least, at);
		packed.writeFloatLE(spread.mean, at + FLOAT_BYTES);
		packed.writeFloatLE(spread.most, at + 2 * FLOAT_BYTES);
		at += 3 * FLOAT_BYTES;
	}
	return packed;
};

export const eachSpread = (packed: Buffer, found: (place: number, spread: Spread) => void): void => {
	const mask = packed.readUInt32LE(0);
	let at = MASK_BYTES;
	for (let place = 0; mask >>> place !== 0 && place < 32; place += 1) {
		if (((mask >>> place) & 1) === 0) continue;
		found(place, {
			least: packed.readFloatLE(at),
			mean: packed.readFloatLE(at + FLOAT_BYTES),
			most: packed.readFloatLE(at + 2 * FLOAT_BYTES),
		});
		at += 3 * FLOAT_BYTES;
	}
};

/** Gathers what lies in one minute or hour; a mean counts for as many seconds as it is of. */
export class Gathering {
	readonly #found: ({ least: number; most: number; sum: number; weight: number } | undefined)[] = [];
	/** Seconds of which something is known. */
	seconds = 0;

	addSecond(packed: Buffer): void {
		this.seconds += 1;
		eachValue(packed, (place, value) => this.#add(place, { least: value, mean: value, most: value }, 1));
	}

	addSpreads(packed: Buffer, seconds: number): void {
		this.seconds += seconds;
		eachSpread(packed, (place, spread) => this.#add(place, spread, seconds));
	}

	pack(): Buffer {
		const spreads: (Spread | undefined)[] = [];
		for (const [place, found] of this.#found.entries()) {
			spreads[place] = found && { least: found.least, mean: found.sum / found.weight, most: found.most };
		}
		return packSpreads(spreads);
	}

	#add(place: number, { least, mean, most }: Spread, weight: number): void {
		const known = this.#found[place];
		if (!known) {
			this.#found[place] = { least, most, sum: mean * weight, weight };
			return;
		}
		known.least = Math.min(known.least, least);
		known.most = Math.max(known.most, most);
		known.sum += mean * weight;
		known.weight += weight;
	}
}
