/** How far a transfer has come. Speeds are bytes a second; null while nothing sensible can be said. */
export interface TransferFigures {
	doneBytes: number;
	totalBytes: number;
	share: number;
	bytesPerSecond: number | null;
	remainingMs: number | null;
}

/** Speed is that of the last seconds, so that it follows the network and forgets how it began. */
const WINDOW_MS = 5_000;
const LEAST_MS = 500;

/** Progress of many transfers at once. Bytes that need not be sent (resumed, already there) count as done, not as speed. */
export class TransferMeter {
	readonly #now: () => number;
	#total = 0;
	#done = 0;
	#moved = 0;
	readonly #samples: { at: number; moved: number }[] = [];

	constructor(now: () => number = () => performance.now()) {
		this.#now = now;
	}

	/** So many bytes more (or less, when negative) are to be done. */
	expect(bytes: number): void {
		this.#total += bytes;
	}

	/** Bytes went over the network. Negative when the server turned out to have fewer than was thought. */
	move(bytes: number): void {
		this.#done += bytes;
		if (bytes <= 0) return;
		this.#moved += bytes;
		const at = this.#now();
		this.#samples.push({ at, moved: this.#moved });
		while (this.#samples.length > 2 && (this.#samples[1]?.at ?? at) <= at - WINDOW_MS) this.#samples.shift();
	}

	/** Bytes that were there already. */
	skip(bytes: number): void {
		this.#done += bytes;
	}

	get figures(): TransferFigures {
		const done = Math.min(this.#done, this.#total);
		const first = this.#samples[0];
		const spanMs = first === undefined ? 0 : this.#now() - first.at;
		const speed = first !== undefined && spanMs >= LEAST_MS ? ((this.#moved - first.moved) * 1_000) / spanMs : null;
		return {
			doneBytes: done,
			totalBytes: this.#total,
			share: this.#total === 0 ? 1 : Math.max(0, done / this.#total),
			bytesPerSecond: speed,
			remainingMs: speed !== null && speed > 0 ? ((this.#total - done) * 1_000) / speed : null,
		};
	}
}
