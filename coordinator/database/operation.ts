import type { Database } from 'better-sqlite3';

/**
 * SQL with a name. `prepare` runs in each database thread when it is first asked for there, and returns the function that
 * does the work; elsewhere the operation is only a name with types, so nothing can run SQL on the event loop by accident.
 * Arguments and results cross threads by structured clone: plain data only.
 */
export interface Operation<M extends 'read' | 'write', A, R> {
	readonly name: string;
	readonly mode: M;
	readonly prepare: (db: Database) => (args: A) => R;
}
export type ReadOperation<A, R> = Operation<'read', A, R>;
export type WriteOperation<A, R> = Operation<'write', A, R>;
export type AnyOperation = Operation<'read' | 'write', never, unknown>;

export const readOperation = <A, R>(name: string, prepare: (db: Database) => (args: A) => R): ReadOperation<A, R> => ({
	name,
	mode: 'read',
	prepare,
});

/**
 * Runs inside the group's transaction: if it throws, its changes are undone and nobody else's. It may run twice, the first
 * time undone, so it keeps nothing in memory from one call to the next.
 */
export const writeOperation = <A, R>(
	name: string,
	prepare: (db: Database) => (args: A) => R,
): WriteOperation<A, R> => ({ name, mode: 'write', prepare });
