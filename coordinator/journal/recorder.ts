import { ChunkWriter } from './chunk-writer.ts';
import type { ChunkFacts } from './journal-store.ts';

/** A chunk is closed when it is this large, bytes, or so old. What kill -9 loses is the open one. */
const CHUNK_BYTES = 64 * 1024;
const CHUNK_MS = 1_000;

/** Takes events and cuts them into chunks. Nothing is open, and no timer runs, while nothing happens. */
export class Recorder {
	readonly #epoch: number;
	readonly #onChunk: (facts: Omit<ChunkFacts, 'lost'>, body: Buffer) => void;
	readonly #wall: () => number;
	#open: { writer: ChunkWriter; fromClock: number; fromAt: number; timer: NodeJS.Timeout } | null = null;
	#number = 0;

	constructor(options: {
		epoch: number;
		onChunk: (facts: Omit<ChunkFacts, 'lost'>, body: Buffer) => void;
		wall?: () => number;
	}) {
		this.#epoch = options.epoch;
		this.#onChunk = options.onChunk;
		this.#wall = options.wall ?? Date.now;
	}

	/** The chunk for an event of this moment. */
	at(now: number): ChunkWriter {
		const open = this.#open;
		if (open && open.writer.size < CHUNK_BYTES) return open.writer;
		this.close();
		const writer = new ChunkWriter(now, CHUNK_BYTES);
		const timer = setTimeout(() => this.close(), CHUNK_MS).unref();
		this.#open = { writer, fromClock: now, fromAt: this.#wall(), timer };
		return writer;
	}

	close(): void {
		if (!this.#open) return;
		const { writer, fromClock, fromAt, timer } = this.#open;
		clearTimeout(timer);
		this.#open = null;
		const facts = {
			epoch: this.#epoch,
			number: this.#number,
			fromAt,
			toAt: fromAt + writer.clock - fromClock,
			fromClock,
			events: writer.events,
		};
		this.#number += 1;
		this.#onChunk(facts, writer.finish());
	}
}
