import type { Statement } from '../../shared/protocol/statement.ts';
import { ThreadLine } from '../threads/thread-line.ts';
import type { PrintWish } from './statement-thread.ts';

/** Prints statements as PDF, beside the event loop. */
export class StatementPrinter {
	readonly #fonts: string;
	readonly #line: ThreadLine<PrintWish, Uint8Array>;

	/** `programs`: the folder in which statement-thread and the fonts lie. */
	constructor(options: { programs: URL }) {
		this.#fonts = new URL('fonts/', options.programs).href;
		this.#line = new ThreadLine({
			entry: new URL('statement-thread.js', options.programs),
			mostWaiting: 50,
			mostHeapMb: 256,
			withinMs: 120_000,
			busy: { detail: 'Many statements are being printed; ask again in a minute, or for CSV.', retryAfter: 60 },
			tooMuch: 'The statement is too long to be printed; ask for CSV.',
		});
	}

	/** Throws `overloaded`. */
	print(statement: Statement): Promise<Uint8Array> {
		return this.#line.run(() => ({ statement, fonts: this.#fonts }));
	}

	[Symbol.asyncDispose](): Promise<void> {
		return this.#line[Symbol.asyncDispose]();
	}
}
