import Database from 'better-sqlite3';
import { HISTORY_VERSION } from '../../shared/protocol/history.ts';
import { UnusableLedger } from '../database/file-trouble.ts';

/** 'MLRH' in ASCII. */
const APPLICATION_ID = 0x4d4c5248;
/** When the WAL starts again from its beginning it is cut to this size. Bytes. */
const WAL_LIMIT = 16 * 1024 * 1024;

/*
 * Rows lie in the order in which they come, whatever they are of: what is written together is written in one place, and
 * what is too old lies in one place too. One series is read by its points, of which an answer has few thousand.
 */
const SCHEMA = `
CREATE TABLE series (
	id INTEGER PRIMARY KEY,
	kind TEXT NOT NULL,
	name TEXT NOT NULL,
	-- Second of its newest whole hour.
	last INTEGER NOT NULL DEFAULT 0,
	UNIQUE (kind, name)
) STRICT;
-- Times are in seconds: a year of them in milliseconds would take twice the room.
CREATE TABLE seconds (at INTEGER NOT NULL, series INTEGER NOT NULL, v BLOB NOT NULL, PRIMARY KEY (at, series)) STRICT, WITHOUT ROWID;
-- n: of how many seconds it is.
CREATE TABLE minutes (at INTEGER NOT NULL, series INTEGER NOT NULL, n INTEGER NOT NULL, v BLOB NOT NULL, PRIMARY KEY (at, series)) STRICT, WITHOUT ROWID;
CREATE TABLE hours (at INTEGER NOT NULL, series INTEGER NOT NULL, n INTEGER NOT NULL, v BLOB NOT NULL, PRIMARY KEY (at, series)) STRICT, WITHOUT ROWID;
-- Up to which second minutes and hours have been made; written with them.
CREATE TABLE folded (what TEXT PRIMARY KEY, upto INTEGER NOT NULL) STRICT, WITHOUT ROWID;
INSERT INTO folded VALUES ('minutes', 0), ('hours', 0);
`;

/**
 * Opens the file of history, made if there is none. What is in it is nice to have: a commit is not waited for on the
 * disk, so a power cut may cost the last seconds. Throws for a file that is damaged, another program's or another build's.
 */
export const openHistory = (file: string): Database.Database => {
	const db = new Database(file, { timeout: 10_000 });
	try {
		db.pragma('journal_mode = WAL');
		db.pragma('synchronous = NORMAL');
		db.pragma('trusted_schema = OFF');
		db.pragma('temp_store = MEMORY');
		db.pragma('cache_size = -8192');
		db.pragma(`journal_size_limit = ${WAL_LIMIT}`);
		const version = db.pragma('user_version', { simple: true });
		const application = db.pragma('application_id', { simple: true });
		if (version === 0 && db.prepare('SELECT count(*) FROM sqlite_schema').pluck().get() === 0) {
			db.transaction(() => {
				db.exec(SCHEMA);
				db.pragma(`application_id = ${APPLICATION_ID}`);
				db.pragma(`user_version = ${HISTORY_VERSION}`);
			}).exclusive();
		} else if (application !== APPLICATION_ID || version !== HISTORY_VERSION) {
			throw new UnusableLedger('it is not the history of this build');
		}
		return db;
	} catch (error) {
		db.close();
		throw error;
	}
};
