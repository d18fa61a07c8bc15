import type { Output, TextStream } from './output.ts';
import { printable } from './printable.ts';
import { padded, shortened, textWidth } from './text-width.ts';
import type { TransferFigures } from './transfer-meter.ts';
import { bytesInWords, durationInWords } from './words.ts';

const FRAME_MS = 100;
const BAR_CELLS = 24;

/** The bar as one line of so many cells: share, bytes, speed, time left, and what is under way. */
export const progressLine = (figures: TransferFigures, label: string, width: number): string => {
	const full = Math.round(figures.share * BAR_CELLS);
	const percent = `${Math.floor(figures.share * 100)} %`;
	const parts = [
		`${'█'.repeat(full)}${'░'.repeat(BAR_CELLS - full)} ${padded(percent, 5, 'right')}`,
		`${bytesInWords(figures.doneBytes)} of ${bytesInWords(figures.totalBytes)}`,
		figures.bytesPerSecond === null ? '' : `${bytesInWords(figures.bytesPerSecond)}/s`,
		figures.remainingMs === null || figures.share >= 1 ? '' : `${durationInWords(figures.remainingMs)} left`,
	].filter((part) => part !== '');
	const line = parts.join('  ');
	const room = width - textWidth(line) - 2;
	return shortened(room >= 8 ? `${line}  ${shortened(printable(label), room)}` : line, width);
};

/** Draws a line over itself on a terminal whenever it is another one; does nothing elsewhere. */
export class ProgressBar implements Disposable {
	readonly #stream: TextStream;
	readonly #out: Output;
	readonly #line: (width: number) => string;
	readonly #timer: ReturnType<typeof setInterval> | undefined;
	/** What stands on the terminal now; null when nothing does. */
	#drawn: string | null = null;

	constructor(stream: TextStream, out: Output, line: (width: number) => string) {
		this.#stream = stream;
		this.#out = out;
		this.#line = line;
		if (stream.isTTY !== true) return;
		this.#timer = setInterval(() => this.#draw(), FRAME_MS);
		out.beforeLine = () => this.#wipe();
	}

	[Symbol.dispose](): void {
		if (this.#timer === undefined) return;
		clearInterval(this.#timer);
		this.#wipe();
		this.#out.beforeLine = () => {};
	}

	#draw(): void {
		// One cell less than there is: some terminals wrap on the last one.
		const line = this.#line((this.#stream.columns || 80) - 1);
		if (line === this.#drawn) return;
		this.#stream.write(`\r\u001b[2K${line}`);
		this.#drawn = line;
	}

	#wipe(): void {
		if (this.#drawn === null) return;
		this.#stream.write('\r\u001b[2K');
		this.#drawn = null;
	}
}
