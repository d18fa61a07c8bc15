import type { Ledger } from '../../coordinator/database/ledger.ts';
import type { ReadOperation, WriteOperation } from '../../coordinator/database/operation.ts';
import { CodedError } from '../../shared/coded-error.ts';

/**
 * A ledger whose answers come a turn later and together, as those of the database threads do, and which refuses writes
 * while its disk is full. What it acknowledges has been done in the order of the calls.
 */
export class UnsteadyLedger implements Ledger {
	readonly #inner: Ledger;
	#turn: Promise<void> | null = null;
	isFull = false;

	constructor(inner: Ledger) {
		this.#inner = inner;
	}

	read<A, R>(operation: ReadOperation<A, R>, args: A): Promise<R> {
		return this.#later(() => this.#inner.read(operation, args));
	}

	write<A, R>(operation: WriteOperation<A, R>, args: A): Promise<R> {
		if (this.isFull) return this.#later(() => Promise.reject(new CodedError('disk-full')));
		return this.#later(() => this.#inner.write(operation, args));
	}

	async [Symbol.asyncDispose](): Promise<void> {
		await this.#inner[Symbol.asyncDispose]();
	}

	/** Done at once, in order; told when the turn of the event loop is over. */
	async #later<R>(act: () => Promise<R>): Promise<R> {
		const done = act();
		done.catch(() => {});
		this.#turn ??= new Promise((resolve) => {
			setImmediate(() => {
				this.#turn = null;
				resolve();
			});
		});
		await this.#turn;
		return done;
	}
}
