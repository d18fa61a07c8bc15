/** Sent at once. Larger makes nothing faster (measured) and costs memory for each download. */
const BYTES = 256 * 1024;
/** With less room than this left, it is worth sending what there is before something is read into the rest. */
const LEAST_ROOM = 16 * 1024;

/**
 * Gathers what is to be sent into large pieces, so that thousands of small ones cost few writes. Two buffers take turns:
 * one is filled while the other is sent.
 */
export class TwoBuffers {
	readonly #send: (piece: Buffer) => Promise<void>;
	#filling = Buffer.allocUnsafeSlow(BYTES);
	#resting = Buffer.allocUnsafeSlow(BYTES);
	#used = 0;
	#sending: Promise<void> = Promise.resolve();
	/** Bytes taken in all. */
	taken = 0;

	/** `send` resolves when the piece may be written over. */
	constructor(send: (piece: Buffer) => Promise<void>) {
		this.#send = send;
	}

	async put(bytes: Buffer): Promise<void> {
		for (let at = 0; at < bytes.length; ) {
			if (this.#used === BYTES) await this.flush();
			const copied = bytes.copy(this.#filling, this.#used, at);
			at += copied;
			this.#used += copied;
		}
		this.taken += bytes.length;
	}

	/** Room for `read` to read into; it tells how many bytes it has read, and those are seen by `look`. */
	async fill(
		most: number,
		read: (buffer: Buffer, at: number, most: number) => Promise<number>,
		look: (bytes: Buffer) => void,
	): Promise<number> {
		if (BYTES - this.#used < Math.min(most, LEAST_ROOM)) await this.flush();
		const count = await read(this.#filling, this.#used, Math.min(most, BYTES - this.#used));
		look(this.#filling.subarray(this.#used, this.#used + count));
		this.#used += count;
		this.taken += count;
		return count;
	}

	/** Begins to send what there is, when what was sent before is out. */
	async flush(): Promise<void> {
		await this.#sending;
		if (this.#used === 0) return;
		this.#sending = this.#send(this.#filling.subarray(0, this.#used));
		// Its failure comes out where it is waited for.
		this.#sending.catch(() => {});
		[this.#filling, this.#resting] = [this.#resting, this.#filling];
		this.#used = 0;
	}

	/** Everything is out. */
	async end(): Promise<void> {
		await this.flush();
		await this.#sending;
	}
}
