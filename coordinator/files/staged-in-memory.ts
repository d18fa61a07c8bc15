import type { StagedBlob } from './staged-blob.ts';

/** In all. Outputs wait here until their attempts end, and an agent may send as many as it likes. */
const MOST_BYTES = 32 * 1024 * 1024;

/** Keeps what waits in memory to be put into the store within bounds. */
export class StagedInMemory {
	readonly #staged = new Set<StagedBlob>();
	readonly #mostBytes: number;
	#bytes = 0;

	constructor(mostBytes = MOST_BYTES) {
		this.#mostBytes = mostBytes;
	}

	/** False when there is no room for it. */
	add(staged: StagedBlob): boolean {
		if (this.#bytes + staged.size > this.#mostBytes) return false;
		this.#staged.add(staged);
		this.#bytes += staged.size;
		return true;
	}

	/** It is in the store, or not wanted; harmless when it was told before. */
	remove(staged: StagedBlob): void {
		if (this.#staged.delete(staged)) this.#bytes -= staged.size;
	}
}
