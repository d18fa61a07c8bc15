import type { ReadOperation, WriteOperation } from './operation.ts';

/**
 * The ledger as rooms see it. A write's promise resolves after its commit has reached the disk; what has been
 * acknowledged is visible to every later read.
 */
export interface Ledger {
	read<A, R>(operation: ReadOperation<A, R>, args: A): Promise<R>;
	/** `patient`: nobody waits for it at this moment, so while the ledger is busy it may wait a little for company. */
	write<A, R>(operation: WriteOperation<A, R>, args: A, options?: { patient?: boolean }): Promise<R>;
	[Symbol.asyncDispose](): Promise<void>;
}
