import { join } from 'node:path';
import type Database from 'better-sqlite3';
import { referenceViolations } from '../../coordinator/verify/ledger-rules-store.ts';
import { blobViolations } from '../../coordinator/verify/verify-blobs.ts';
import { wordsOf } from '../../coordinator/verify/verify-data.ts';

/** I3 and I6 for content: what is wrong between the ledger's rows of blobs, what refers to them, and their files. */
export const blobFaults = async (db: Database.Database, data: string, settled: boolean): Promise<string[]> => {
	const store = { blobs: join(data, 'blobs'), staging: join(data, 'staging'), settled };
	return [...referenceViolations(db), ...(await blobViolations(db, store))].map(wordsOf);
};
