import { Worker } from 'node:worker_threads';
import { CodedError } from '../../shared/coded-error.ts';

export interface ThreadLineOptions {
	/** The program of the thread: it posts one message, its answer to `workerData`. */
	entry: URL;
	/** Who comes after so many is sent away. */
	mostWaiting: number;
	mostHeapMb: number;
	/** After that a thread is ended. */
	withinMs: number;
	/** What is said to who is sent away, and after how many seconds to come again. */
	busy: { detail: string; retryAfter: number };
	/** What is said when a thread took too long or needed too much memory. */
	tooMuch: string;
}

/** Work that would hold the event loop up: each in a thread of its own, and one after the other. */
export class ThreadLine<Wish, Answer> {
	readonly #options: ThreadLineOptions;
	#last: Promise<unknown> = Promise.resolve();
	#waiting = 0;
	#worker: Worker | null = null;
	#isClosed = false;

	constructor(options: ThreadLineOptions) {
		this.#options = options;
	}

	/** `wish` is asked for when it is its turn. Throws `overloaded`, `shutting-down`, and what the thread throws. */
	async run(wish: () => Wish | Promise<Wish>): Promise<Answer> {
		const { mostWaiting, busy } = this.#options;
		if (this.#waiting >= mostWaiting) {
			throw new CodedError('overloaded', busy.detail, { retryAfter: busy.retryAfter });
		}
		this.#waiting += 1;
		const answered = this.#last
			.catch(() => {})
			.then(async () => this.#begin(await wish()))
			.finally(() => {
				this.#waiting -= 1;
			});
		this.#last = answered;
		return answered;
	}

	async [Symbol.asyncDispose](): Promise<void> {
		this.#isClosed = true;
		await this.#worker?.terminate();
	}

	#begin(workerData: Wish): Promise<Answer> {
		if (this.#isClosed) return Promise.reject(new CodedError('shutting-down'));
		const { entry, mostHeapMb, withinMs, tooMuch } = this.#options;
		return new Promise((resolve, reject) => {
			const worker = new Worker(entry, { workerData, resourceLimits: { maxOldGenerationSizeMb: mostHeapMb } });
			this.#worker = worker;
			const timer = setTimeout(() => void worker.terminate(), withinMs);
			worker.once('message', resolve);
			worker.once('error', (error: NodeJS.ErrnoException) => {
				// The exit says that it was too much.
				if (error.code !== 'ERR_WORKER_OUT_OF_MEMORY') reject(error);
			});
			worker.once('exit', () => {
				clearTimeout(timer);
				this.#worker = null;
				reject(this.#isClosed ? new CodedError('shutting-down') : new CodedError('overloaded', tooMuch));
			});
		});
	}
}
