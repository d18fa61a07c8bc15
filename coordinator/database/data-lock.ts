import Database from 'better-sqlite3';
import { CodedError } from '../../shared/coded-error.ts';

/**
 * Holds a data folder for one coordinator at a time. It is a lock of the kernel on a file, taken the way SQLite takes it
 * on every system: whatever way the process ends, the lock ends with it.
 */
export class DataLock implements Disposable {
	readonly #db: Database.Database;

	/** Throws `conflict` when another process holds it. */
	constructor(file: string) {
		this.#db = new Database(file, { timeout: 0 });
		try {
			this.#db.exec('BEGIN EXCLUSIVE');
		} catch (error) {
			this.#db.close();
			if ((error as { code?: string }).code !== 'SQLITE_BUSY') throw error;
			throw new CodedError('conflict', `Another coordinator is using this data: ${file} is locked.`, { cause: error });
		}
	}

	[Symbol.dispose](): void {
		this.#db.close();
	}
}
