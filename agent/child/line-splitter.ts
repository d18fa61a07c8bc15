import { StringDecoder } from 'node:string_decoder';

const MOST_CHARACTERS = 8192;

/** Cuts a stream of bytes into lines of text; a line that is too long becomes several. */
export class LineSplitter {
	readonly #decoder = new StringDecoder('utf8');
	readonly #onLine: (text: string) => void;
	#rest = '';

	constructor(onLine: (text: string) => void) {
		this.#onLine = onLine;
	}

	add(chunk: Buffer): void {
		const lines = (this.#rest + this.#decoder.write(chunk)).split('\n');
		this.#rest = lines.pop() ?? '';
		for (const line of lines) this.#emit(line);
		while (this.#rest.length > MOST_CHARACTERS) {
			this.#onLine(this.#rest.slice(0, MOST_CHARACTERS));
			this.#rest = this.#rest.slice(MOST_CHARACTERS);
		}
	}

	end(): void {
		const rest = this.#rest + this.#decoder.end();
		this.#rest = '';
		if (rest) this.#emit(rest);
	}

	#emit(line: string): void {
		this.#onLine(line.endsWith('\r') ? line.slice(0, -1) : line);
	}
}
