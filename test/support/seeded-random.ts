import { randomInt } from 'node:crypto';

/** Random numbers that come again with the same seed (mulberry32). */
export class SeededRandom {
	readonly seed: number;
	#state: number;

	constructor(seed: number) {
		this.seed = seed >>> 0;
		this.#state = this.seed;
	}

	/** From 0 up to, not including, 1. */
	next(): number {
		this.#state = (this.#state + 0x6d2b79f5) >>> 0;
		let t = this.#state;
		t = Math.imul(t ^ (t >>> 15), t | 1);
		t ^= t + Math.imul(t ^ (t >>> 7), t | 61);
		return ((t ^ (t >>> 14)) >>> 0) / 4_294_967_296;
	}

	/** A whole number from `least` to `most`, both included. */
	between(least: number, most: number): number {
		return least + Math.floor(this.next() * (most - least + 1));
	}

	pick<T>(from: readonly T[]): T {
		if (from.length === 0) throw new Error('nothing to pick from');
		return from[this.between(0, from.length - 1)] as T;
	}

	bytes(length: number): Buffer {
		const buffer = Buffer.allocUnsafe(length);
		let i = 0;
		for (; i + 4 <= length; i += 4) buffer.writeUInt32LE(Math.floor(this.next() * 4_294_967_296), i);
		for (; i < length; i++) buffer[i] = this.between(0, 255);
		return buffer;
	}
}

/** What of a vitest test's context is used here. */
interface FailureHook {
	onTestFailed(report: () => void): void;
}

/** The seed is `MILLRACE_SEED` or a fresh one; a failing test says which, so that the same run can be had again. */
export const seededRandom = (test: FailureHook): SeededRandom => {
	const given = process.env.MILLRACE_SEED;
	const random = new SeededRandom(given === undefined ? randomInt(2 ** 32) : Number(given));
	test.onTestFailed(() => console.error(`to repeat this run: MILLRACE_SEED=${random.seed}`));
	return random;
};
