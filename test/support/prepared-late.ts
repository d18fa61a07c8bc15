import type { Database } from 'better-sqlite3';
import type { AnyOperation } from '../../coordinator/database/operation.ts';

type Run = (args: never) => unknown;

/**
 * The same operations, whose SQL is compiled when it is first used. A coordinator compiles all of it when it starts; a
 * test that opens a ledger of its own uses a tenth of it and would spend most of its time on the rest.
 */
export const preparedLate = (operations: readonly AnyOperation[]): AnyOperation[] =>
	operations.map((operation) => ({
		...operation,
		prepare: (db: Database): Run => {
			let run: Run | null = null;
			return (args) => {
				run ??= operation.prepare(db);
				return run(args);
			};
		},
	}));
