import type { RunLogLine } from '../tasks/child-messages.ts';

const MOST_LINE_CHARACTERS = 8192;
const MOST_BYTES = 1024 * 1024;
const LINES_PER_MESSAGE = 100;
const COLLECT_MS = 100;

/** Collects a run's log lines into messages; after 1 MiB it says so once and drops the rest. */
export class LogCap {
	readonly #send: (lines: RunLogLine[]) => void;
	#lines: RunLogLine[] = [];
	#bytes = 0;
	#isCut = false;
	#timer: NodeJS.Timeout | null = null;

	constructor(send: (lines: RunLogLine[]) => void) {
		this.#send = send;
	}

	get isCut(): boolean {
		return this.#isCut;
	}

	add({ stream, text }: RunLogLine): void {
		if (this.#isCut) return;
		this.#bytes += Buffer.byteLength(text) + 1;
		if (this.#bytes > MOST_BYTES) {
			this.#isCut = true;
			this.#push({ stream: 'system', text: 'The log is cut here: it is longer than 1 MiB.' });
			return;
		}
		for (let at = 0; at === 0 || at < text.length; at += MOST_LINE_CHARACTERS) {
			this.#push({ stream, text: text.slice(at, at + MOST_LINE_CHARACTERS) });
		}
	}

	flush(): void {
		if (this.#timer) clearTimeout(this.#timer);
		this.#timer = null;
		if (this.#lines.length > 0) this.#send(this.#lines);
		this.#lines = [];
	}

	#push(line: RunLogLine): void {
		this.#lines.push(line);
		if (this.#lines.length >= LINES_PER_MESSAGE) this.flush();
		else this.#timer ??= setTimeout(() => this.flush(), COLLECT_MS);
	}
}
