import type { Writable } from 'node:stream';
import { answeredJson } from '../../../shared/client/http-client.ts';
import { printable } from './printable.ts';

export type TextStream = Writable & { isTTY?: boolean; columns?: number; rows?: number };
/** A piece of a line, in a style or plain. */
export type Part = string | { text: string; style: Style | undefined };

const CODES = { red: 31, green: 32, yellow: 33, blue: 34, dim: 2, bold: 1 } as const;
export type Style = keyof typeof CODES;

/** Where a command says things: results on one stream, everything else on the other. All text goes out printable. */
export class Output {
	readonly #stdout: TextStream;
	readonly #stderr: TextStream;
	readonly #noColor: boolean;
	/** Called before a line goes to the terminal, so that a progress bar makes room. */
	beforeLine: () => void = () => {};

	constructor(streams: { stdout: TextStream; stderr: TextStream; noColor: boolean }) {
		this.#stdout = streams.stdout;
		this.#stderr = streams.stderr;
		this.#noColor = streams.noColor;
	}

	/** Results are read by a person, now. */
	get isTerminal(): boolean {
		return this.#stdout.isTTY === true;
	}

	get columns(): number {
		// A terminal that does not know its size says 0.
		return this.#stdout.columns || 80;
	}

	get rows(): number {
		return this.#stdout.rows || 24;
	}

	/** One line of the result. Pass what comes from the server through as it is: it is made printable here. */
	line(text: string, style?: Style): void {
		this.beforeLine();
		this.#stdout.write(`${this.#painted(printable(text), style, this.#stdout)}\n`);
	}

	/** One line of several differently styled parts. */
	parts(...parts: readonly Part[]): void {
		this.beforeLine();
		this.#stdout.write(`${this.#joined(parts)}\n`);
	}

	/** Draws lines over the last so many ones of a terminal, or over all of it; in one write, so that nothing flickers. */
	redraw(over: number | 'screen', lines: readonly (readonly Part[])[]): void {
		const home = over === 'screen' ? '\u001b[2J\u001b[H' : over === 0 ? '' : `\u001b[${over}F`;
		const drawn = lines.map((parts) => `${this.#joined(parts)}\u001b[K\n`);
		this.#stdout.write(`${home}${drawn.join('')}\u001b[J`);
	}

	/** The one JSON document of a command with `--json`; an answer of the server is passed on whole. */
	json(value: unknown): void {
		this.#stdout.write(`${JSON.stringify(whole(value), null, '\t')}\n`);
	}

	/** One line of JSON of a command that streams. */
	jsonLine(value: unknown): void {
		this.beforeLine();
		this.#stdout.write(`${JSON.stringify(whole(value))}\n`);
	}

	/** Text of our own with line breaks and all, as it is. */
	verbatim(text: string): void {
		this.#stdout.write(text);
	}

	/** Bytes of a file, as they are. Resolves when more may be written. */
	bytes(chunk: Uint8Array): Promise<void> {
		return new Promise((resolve, reject) => {
			this.#stdout.write(chunk, (error) => (error ? reject(error) : resolve()));
		});
	}

	/** Something worth knowing that is not the result. */
	note(text: string): void {
		this.beforeLine();
		this.#stderr.write(`${printable(text)}\n`);
	}

	error(text: string): void {
		this.beforeLine();
		this.#stderr.write(`${this.#painted('millrace:', 'red', this.#stderr)} ${printable(text)}\n`);
	}

	#joined(parts: readonly Part[]): string {
		return parts
			.map((part) =>
				typeof part === 'string' ? printable(part) : this.#painted(printable(part.text), part.style, this.#stdout),
			)
			.join('');
	}

	#painted(text: string, style: Style | undefined, stream: TextStream): string {
		if (style === undefined || this.#noColor || stream.isTTY !== true) return text;
		return `\u001b[${CODES[style]}m${text}\u001b[0m`;
	}
}

const whole = (value: unknown): unknown => (typeof value === 'object' && value !== null ? answeredJson(value) : value);
