const WINDOW_MS = 6_000;
const LEAST_MS = 700;

/** Bytes a second over the last seconds; null until that means something. */
export class SpeedMeter {
	#samples: { at: number; bytes: number }[] = [];

	/** `bytes` counts up; when it falls (an upload was removed) the count begins anew. */
	add(at: number, bytes: number): void {
		const last = this.#samples.at(-1);
		if (last !== undefined && bytes < last.bytes) this.#samples = [];
		this.#samples.push({ at, bytes });
		while ((this.#samples[0]?.at ?? at) < at - WINDOW_MS) this.#samples.shift();
	}

	get bytesPerSecond(): number | null {
		const first = this.#samples[0];
		const last = this.#samples.at(-1);
		if (first === undefined || last === undefined || last.at - first.at < LEAST_MS) return null;
		return ((last.bytes - first.bytes) / (last.at - first.at)) * 1_000;
	}

	/** Milliseconds for what is left, or null when nothing moves. */
	estimate(leftBytes: number): number | null {
		const speed = this.bytesPerSecond;
		return speed === null || speed <= 0 ? null : (leftBytes / speed) * 1_000;
	}
}
