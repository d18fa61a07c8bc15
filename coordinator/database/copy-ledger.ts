import { open } from 'node:fs/promises';
import Database from 'better-sqlite3';
import { openDatabase } from './open.ts';

/** Pages that are copied at one go; in between the thread has time for other things. */
const PAGES_AT_ONCE = 4_096;

/**
 * Copies a ledger as it is at one moment, while others write to it, into one file without a WAL. A read transaction is
 * held all the time: otherwise SQLite would begin anew with each commit of somebody else, and never end under load.
 */
export const copyLedger = async (from: string, to: string): Promise<void> => {
	const source = openDatabase(from, { readonly: true });
	try {
		source.exec('BEGIN');
		source.prepare('SELECT count(*) FROM sqlite_schema').get();
		await source.backup(to, { progress: () => PAGES_AT_ONCE });
	} finally {
		source.close();
	}
	const copy = new Database(to);
	try {
		copy.pragma('journal_mode = DELETE');
	} finally {
		copy.close();
	}
	const file = await open(to, 'r+');
	try {
		await file.sync();
	} finally {
		await file.close();
	}
};
