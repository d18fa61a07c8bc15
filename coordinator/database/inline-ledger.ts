import type { Database } from 'better-sqlite3';
import { Executor, fromPlainError } from './execute.ts';
import type { Ledger } from './ledger.ts';
import { migrate } from './migrate.ts';
import { openDatabase } from './open.ts';
import type { AnyOperation, ReadOperation, WriteOperation } from './operation.ts';

/** A ledger on the calling thread, for one-shot commands that have no event loop to protect. Same operations, same rules. */
export class InlineLedger implements Ledger {
	readonly #db: Database;
	readonly #executor: Executor;

	/** `readonly`: only for reading, in a thread beside the one that writes, which has migrated it. */
	constructor(options: { file: string; operations: readonly AnyOperation[]; readonly?: boolean }) {
		const { file, operations, readonly = false } = options;
		this.#db = openDatabase(file, { readonly });
		if (!readonly) migrate(this.#db);
		this.#executor = new Executor(this.#db, operations, readonly ? 'read' : 'write');
	}

	async read<A, R>(operation: ReadOperation<A, R>, args: A): Promise<R> {
		const [, error, value] = this.#executor.read([0, operation.name, args]);
		if (error) throw fromPlainError(error);
		return value as R;
	}

	async write<A, R>(operation: WriteOperation<A, R>, args: A): Promise<R> {
		const [reply] = this.#executor.writeGroup([[0, operation.name, args]]);
		const [, error, value] = reply!;
		if (error) throw fromPlainError(error);
		return value as R;
	}

	async [Symbol.asyncDispose](): Promise<void> {
		this.#db.close();
	}
}
