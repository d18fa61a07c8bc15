import { Worker } from 'node:worker_threads';
import { CodedError } from '../../shared/coded-error.ts';
import type { Statement } from '../../shared/protocol/statement.ts';
import type { PrintWish } from './statement-thread.ts';

/** Who comes after so many that wait is sent away. */
const MOST_WAITING = 50;
const PRINT_WITHIN_MS = 120_000;
const MOST_HEAP_MB = 256;

/** Prints statements as PDF, one after the other, each in a thread of its own: the event loop has better things to do. */
export class StatementPrinter {
	readonly #entry: URL;
	readonly #fonts: URL;
	#waiting = 0;
	#last: Promise<unknown> = Promise.resolve();
	#worker: Worker | null = null;
	#isClosed = false;

	/** `programs`: the folder in which statement-thread and the fonts lie. */
	constructor(options: { programs: URL }) {
		this.#entry = new URL('statement-thread.js', options.programs);
		this.#fonts = new URL('fonts/', options.programs);
	}

	/** Throws `overloaded`. */
	async print(statement: Statement): Promise<Uint8Array> {
		if (this.#waiting >= MOST_WAITING) {
			throw new CodedError('overloaded', 'Many statements are being printed; ask again in a minute, or for CSV.', {
				retryAfter: 60,
			});
		}
		this.#waiting += 1;
		const printed = this.#last
			.catch(() => {})
			.then(() => this.#print({ statement, fonts: this.#fonts.href }))
			.finally(() => {
				this.#waiting -= 1;
			});
		this.#last = printed;
		return printed;
	}

	async [Symbol.asyncDispose](): Promise<void> {
		this.#isClosed = true;
		await this.#worker?.terminate();
	}

	#print(workerData: PrintWish): Promise<Uint8Array> {
		if (this.#isClosed) return Promise.reject(new CodedError('shutting-down'));
		return new Promise((resolve, reject) => {
			const worker = new Worker(this.#entry, { workerData, resourceLimits: { maxOldGenerationSizeMb: MOST_HEAP_MB } });
			this.#worker = worker;
			const timer = setTimeout(() => void worker.terminate(), PRINT_WITHIN_MS);
			worker.once('message', resolve);
			worker.once('error', (error: NodeJS.ErrnoException) => {
				// The exit says that it is too much.
				if (error.code !== 'ERR_WORKER_OUT_OF_MEMORY') reject(error);
			});
			worker.once('exit', () => {
				clearTimeout(timer);
				this.#worker = null;
				reject(new CodedError('overloaded', 'The statement is too long to be printed; ask for CSV.'));
			});
		});
	}
}
