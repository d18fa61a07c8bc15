import { readOperation } from '../database/operation.ts';
import { prepareStorageUse } from './quota-store.ts';

/** What a person's files take: every version counts, what is in the trash too, and what is kept in datasets. */
interface StorageUsage {
	files: number;
	bytes: number;
}

/** Of each who is asked for, in their order; one look-up each, for triggers keep the count. */
export const readStorageUsages = readOperation('files.read-storage-usages', (db) => {
	const useOf = prepareStorageUse(db);
	return (ownerSeqs: readonly number[]): StorageUsage[] => ownerSeqs.map(useOf);
});
