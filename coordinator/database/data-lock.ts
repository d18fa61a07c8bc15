import Database from 'better-sqlite3';
import { CodedError } from '../../shared/coded-error.ts';
import { fileTrouble } from './file-trouble.ts';

/**
 * Holds a data folder for one coordinator at a time. It is a lock of the kernel on a file, taken the way SQLite takes it
 * on every system: whatever way the process ends, the lock ends with it.
 */
export class DataLock implements Disposable {
	readonly #db: Database.Database;

	/** Throws `conflict` when another process holds it, and `FileTrouble` when the file cannot be locked at all. */
	constructor(file: string) {
		let db: Database.Database | null = null;
		try {
			db = new Database(file, { timeout: 0 });
			db.exec('BEGIN EXCLUSIVE');
			this.#db = db;
		} catch (error) {
			db?.close();
			if ((error as { code?: string }).code !== 'SQLITE_BUSY') throw fileTrouble(error, file) ?? error;
			throw new CodedError('conflict', `Another coordinator is using this data: ${file} is locked.`, { cause: error });
		}
	}

	[Symbol.dispose](): void {
		this.#db.close();
	}
}
