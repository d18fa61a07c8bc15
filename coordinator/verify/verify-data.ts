import { join } from 'node:path';
import { openDatabase } from '../database/open.ts';
import { ledgerViolations, type Violation } from './ledger-rules-store.ts';
import { blobViolations } from './verify-blobs.ts';

/** Checks a data folder, whether a coordinator runs on it or not: the ledger, its invariants, and every blob. */
export const verifyData = async (options: { data: string; bytes?: boolean }): Promise<Violation[]> => {
	const { data, bytes = true } = options;
	const db = openDatabase(join(data, 'ledger.db'), { readonly: true });
	try {
		return [
			...ledgerViolations(db, { settled: false }),
			...(await blobViolations(db, { blobs: join(data, 'blobs'), staging: null, settled: false, bytes })),
		];
	} finally {
		db.close();
	}
};

/** A violation as one sentence. */
export const wordsOf = ({ rule, count, some }: Violation): string =>
	`${rule}: ${count} broken, such as ${some.join(', ')}`;
