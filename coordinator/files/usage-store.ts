import { readOperation } from '../database/operation.ts';
import { prepareStorageUse } from './quota-store.ts';

/** What a person's files take: every version counts, what is in the trash too, and what is kept in datasets. */
export interface StorageUsage {
	files: number;
	bytes: number;
}

/** One look-up: triggers keep the count. */
export const readStorageUsage = readOperation('files.read-storage-usage', (db) => {
	const useOf = prepareStorageUse(db);
	return ({ ownerSeq }: { ownerSeq: number }): StorageUsage => useOf(ownerSeq);
});
