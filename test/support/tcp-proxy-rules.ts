/** A thing that happens once, when the byte at that position (counted from the proxy's start) comes by. */
export interface Incident {
	at: number;
	done: () => void;
}

/** What happens to the bytes of one direction; shared by all connections of a proxy and changed while they run. */
export class Rules {
	/** Bytes passed on so far. */
	forwarded = 0;
	/** Bytes that came in so far: what the positions of incidents count. */
	seen = 0;
	delayMs = 0;
	bytesPerSecond = Number.POSITIVE_INFINITY;
	cut: Incident | null = null;
	flip: Incident | null = null;
	#opened: Promise<void> = Promise.resolve();
	#open: (() => void) | null = null;

	/** Resolves when the direction is not black-holed. */
	opened(): Promise<void> {
		return this.#opened;
	}

	/** Black-holes the direction. */
	close(): void {
		if (this.#open !== null) return;
		this.#opened = new Promise((resolve) => {
			this.#open = resolve;
		});
	}

	/** Back to a plain wire. */
	heal(): void {
		this.#open?.();
		this.#open = null;
		this.delayMs = 0;
		this.bytesPerSecond = Number.POSITIVE_INFINITY;
		this.cut = null;
		this.flip = null;
	}
}
