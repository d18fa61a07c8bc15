import { accessSync, constants } from 'node:fs';
import Database from 'better-sqlite3';

/** 'MLRC' in ASCII: marks a file as a Millrace ledger, so that no other database is migrated by mistake. */
export const APPLICATION_ID = 0x4d4c5243;

/** So long a connection waits for others of another process or thread. */
export const BUSY_TIMEOUT_MS = 10_000;

/** WAL-reset corruption was mended in 3.51.3; with an older build the ledger is not opened at all. */
const OLDEST_SQLITE = [3, 51, 3] as const;

const isAtLeast = (version: string, least: readonly number[]): boolean => {
	const parts = version.split('.').map(Number);
	for (const [i, want] of least.entries()) {
		const have = parts[i] ?? 0;
		if (have !== want) return have > want;
	}
	return true;
};

/**
 * Opens the ledger's file with the settings that the promises rest on, and proves them.
 * better-sqlite3 is compiled so that a WAL database falls back to synchronous=NORMAL once it has read the file;
 * therefore FULL is set after the first read and asserted.
 */
export const openDatabase = (file: string, options: { readonly?: boolean } = {}): Database.Database => {
	const db = new Database(file, { readonly: options.readonly ?? false, timeout: BUSY_TIMEOUT_MS });
	try {
		const version = db.prepare('SELECT sqlite_version()').pluck().get() as string;
		if (!isAtLeast(version, OLDEST_SQLITE)) throw new Error(`SQLite ${version} is too old: 3.51.3 or newer is needed`);
		if (!options.readonly) {
			// SQLite opens what may not be written for reading, and says so only at the first write.
			accessSync(file, constants.W_OK);
			db.pragma('journal_mode = WAL');
		}
		db.pragma('foreign_keys = ON');
		db.pragma('trusted_schema = OFF');
		db.pragma('temp_store = MEMORY');
		db.pragma('cache_size = -16384');
		// Checkpoints are planned (ledger-thread-server.ts), never a surprise inside somebody's commit.
		db.pragma('wal_autocheckpoint = 0');
		db.prepare('SELECT count(*) FROM sqlite_schema').get();
		db.pragma('synchronous = FULL');
		assertDurable(db);
		return db;
	} catch (error) {
		db.close();
		throw error;
	}
};

/** Throws unless commits reach the disk before they are acknowledged. */
export const assertDurable = (db: Database.Database): void => {
	const synchronous = db.pragma('synchronous', { simple: true });
	const journal = db.pragma('journal_mode', { simple: true });
	if (synchronous !== 2 || journal !== 'wal') {
		throw new Error(`the ledger is not durable: journal_mode=${journal}, synchronous=${synchronous}`);
	}
};
