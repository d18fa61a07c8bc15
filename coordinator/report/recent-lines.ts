const MOST_CHARS = 1024 * 1024;
const MOST_LINE = 16 * 1024;

/** The newest lines of the log, in memory, for whoever has to find out what went wrong. */
export class RecentLines {
	readonly #lines: string[] = [];
	#chars = 0;

	add(line: string): void {
		const kept = line.length > MOST_LINE ? line.slice(0, MOST_LINE) : line;
		this.#lines.push(kept);
		this.#chars += kept.length;
		while (this.#chars > MOST_CHARS) this.#chars -= this.#lines.shift()?.length ?? 0;
	}

	/** Oldest first. */
	get lines(): readonly string[] {
		return this.#lines;
	}
}
