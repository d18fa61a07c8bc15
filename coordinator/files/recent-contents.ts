const MOST_BYTES = 16 * 1024 * 1024;

/** Small contents by their hash, those used last: what was just uploaded is fetched by agents within milliseconds. */
export class RecentContents {
	/** In order of use, the latest last. */
	readonly #contents = new Map<string, Buffer>();
	readonly #mostBytes: number;
	#bytes = 0;

	constructor(mostBytes = MOST_BYTES) {
		this.#mostBytes = mostBytes;
	}

	find(sha256: string): Buffer | null {
		const content = this.#contents.get(sha256);
		if (!content) return null;
		this.#contents.delete(sha256);
		this.#contents.set(sha256, content);
		return content;
	}

	/** The content must never change again. */
	add(sha256: string, content: Buffer): void {
		this.remove(sha256);
		this.#contents.set(sha256, content);
		this.#bytes += content.length;
		for (const oldest of this.#contents.keys()) {
			if (this.#bytes <= this.#mostBytes) return;
			this.remove(oldest);
		}
	}

	remove(sha256: string): void {
		const content = this.#contents.get(sha256);
		if (!content) return;
		this.#contents.delete(sha256);
		this.#bytes -= content.length;
	}
}
