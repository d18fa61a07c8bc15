/** Bytes are let through in steps of so long: often enough to be steady, seldom enough to be cheap. */
const STEP_S = 0.05;
/** A busy event loop may make us late by so much without anybody getting less. */
const LATE_S = 0.5;
/** So often it is looked whether the limit is another one by now. */
const LONGEST_SLEEP_MS = 1_000;
/** Those who wait get so many bytes in turns, however large the pieces are that they ask for. */
const TURN_BYTES = 16 * 1024;
/** Shares are fractions of bytes; less than this is none. */
const NOTHING = 1e-6;

/** Somebody who asked for bytes and waits for some of them. */
interface Waiter {
	left: number;
	resolve: () => void;
}

/**
 * A line that lets so many bytes a second through for all who share it, in turns. Nothing is saved up while it is idle,
 * so whoever comes often gets no more than whoever stays. Its timer runs only while somebody waits.
 */
export class SharedLine {
	readonly #limitOf: () => number | null;
	readonly #now: () => number;
	readonly #waiting: Waiter[] = [];
	#level = 0;
	#at: number;
	#timer: NodeJS.Timeout | null = null;

	/** `limitOf` is asked again at every step; null is no limit. `now` tells milliseconds of a clock that never jumps. */
	constructor(limitOf: () => number | null, now: () => number) {
		this.#limitOf = limitOf;
		this.#now = now;
		this.#at = now();
	}

	/** How many bytes to ask for at once, so that they flow evenly. */
	piece(most: number): number {
		const limit = this.#limitOf();
		return limit === null ? most : Math.max(1, Math.min(most, Math.floor(limit * STEP_S)));
	}

	/** Null when the bytes may go at once. Otherwise `stop` ends the waiting early, with `done` resolved. */
	take(bytes: number): { done: Promise<void>; stop: () => void } | null {
		const limit = this.#limitOf();
		if (limit === null) return null;
		this.#refill(limit);
		if (this.#waiting.length === 0 && this.#level >= bytes) {
			this.#level -= bytes;
			return null;
		}
		let stop!: () => void;
		const done = new Promise<void>((resolve) => {
			const waiter: Waiter = { left: bytes, resolve };
			this.#waiting.push(waiter);
			stop = () => {
				const place = this.#waiting.indexOf(waiter);
				if (place >= 0) this.#waiting.splice(place, 1);
				this.#sleep();
				resolve();
			};
		});
		this.#sleep();
		return { done, stop };
	}

	/** How many wait. */
	get waiting(): number {
		return this.#waiting.length;
	}

	#refill(limit: number): void {
		const now = this.#now();
		const most = limit * (this.#waiting.length > 0 ? LATE_S : STEP_S);
		this.#level = Math.min(most, this.#level + ((now - this.#at) / 1_000) * limit);
		this.#at = now;
	}

	/** One timer while somebody waits, none otherwise. */
	#sleep(): void {
		if (this.#waiting.length === 0) {
			if (this.#timer) clearTimeout(this.#timer);
			this.#timer = null;
			return;
		}
		if (this.#timer) return;
		const limit = this.#limitOf();
		let wanted = 0;
		for (const { left } of this.#waiting) wanted += left;
		const ms = limit === null ? 0 : ((Math.min(wanted, limit * STEP_S) - this.#level) / limit) * 1_000;
		this.#timer = setTimeout(() => this.#wake(), Math.min(LONGEST_SLEEP_MS, Math.max(1, Math.ceil(ms))));
	}

	#wake(): void {
		this.#timer = null;
		const limit = this.#limitOf();
		if (limit === null) for (const { resolve } of this.#waiting.splice(0)) resolve();
		else {
			this.#refill(limit);
			this.#serve();
		}
		this.#sleep();
	}

	#serve(): void {
		while (this.#level > NOTHING) {
			const waiter = this.#waiting.shift();
			if (!waiter) return;
			const share = Math.min(waiter.left, TURN_BYTES, this.#level);
			this.#level -= share;
			waiter.left -= share;
			if (waiter.left > NOTHING) this.#waiting.push(waiter);
			else waiter.resolve();
		}
	}
}
