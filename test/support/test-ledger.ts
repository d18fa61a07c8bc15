import { existsSync, writeFileSync } from 'node:fs';
import Database from 'better-sqlite3';
import { InlineLedger } from '../../coordinator/database/inline-ledger.ts';
import { migrate } from '../../coordinator/database/migrate.ts';
import { preparedLate } from './prepared-late.ts';

let image: Buffer | null = null;

/** What all migrations make of an empty file. */
const freshLedger = (): Buffer => {
	const db = new Database(':memory:');
	try {
		migrate(db);
		return db.serialize();
	} finally {
		db.close();
	}
};

/**
 * A ledger on the calling thread whose file, where there is none, is a copy of one that was migrated once in this
 * process: to migrate costs thirty times what a copy does, and unit tests open thousands of ledgers.
 */
export class TestLedger extends InlineLedger {
	constructor(options: ConstructorParameters<typeof InlineLedger>[0]) {
		if (!existsSync(options.file)) {
			image ??= freshLedger();
			writeFileSync(options.file, image);
		}
		super({ ...options, operations: preparedLate(options.operations) });
	}
}
