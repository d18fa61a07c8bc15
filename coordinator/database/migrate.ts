import type { Database } from 'better-sqlite3';
import { UnusableLedger } from './file-trouble.ts';
import { keepBeforeMigration } from './keep-before-migration.ts';
import { MIGRATIONS } from './migrations/all.ts';
import { APPLICATION_ID } from './open.ts';

/** The schema that this build writes. */
export const SCHEMA_VERSION = MIGRATIONS.length;

/**
 * Brings a ledger to this build's schema: numbered, forward only, each in a transaction of its own.
 * What it was before is kept beside it. Refuses a file of another program, and a ledger that a newer build has written.
 */
export const migrate = (db: Database): { from: number; to: number } => {
	const application = db.pragma('application_id', { simple: true }) as number;
	const from = db.pragma('user_version', { simple: true }) as number;
	const tables = db.prepare(`SELECT count(*) FROM sqlite_schema WHERE type = 'table'`).pluck().get() as number;
	if (application !== APPLICATION_ID && (from !== 0 || tables > 0)) {
		throw new UnusableLedger('this file is a database of another program, not a Millrace ledger');
	}
	if (from > SCHEMA_VERSION) {
		throw new UnusableLedger(
			`the ledger has schema ${from}, this build knows ${SCHEMA_VERSION}: start the newer Millrace, or restore a backup`,
		);
	}
	if (from > 0 && from < SCHEMA_VERSION) keepBeforeMigration(db, from);
	for (const [index, migration] of MIGRATIONS.entries()) {
		if (index < from) continue;
		db.transaction(() => {
			db.exec(migration.sql);
			db.pragma(`application_id = ${APPLICATION_ID}`);
			db.pragma(`user_version = ${index + 1}`);
		}).exclusive();
	}
	return { from, to: SCHEMA_VERSION };
};
