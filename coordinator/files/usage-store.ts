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

/** The same of many people, in the order in which they were asked for. */
export const readStorageUsages = readOperation('files.read-storage-usages', (db) => {
	const useOf = prepareStorageUse(db);
	return (ownerSeqs: readonly number[]): StorageUsage[] => ownerSeqs.map(useOf);
});
