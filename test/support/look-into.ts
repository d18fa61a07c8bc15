import { join } from 'node:path';
import Database from 'better-sqlite3';

/** Rows of a coordinator's ledger, read beside it or after it. */
export const lookInto = <T = Record<string, unknown>>(data: string, sql: string, ...values: unknown[]): T[] => {
	const db = new Database(join(data, 'ledger.db'), { readonly: true, fileMustExist: true });
	try {
		return db.prepare(sql).all(...values) as T[];
	} finally {
		db.close();
	}
};
