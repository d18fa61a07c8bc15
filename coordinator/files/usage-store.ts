import { readOperation } from '../database/operation.ts';

/** What a person's files take: every version counts, and what is in the trash too. */
export interface StorageUsage {
	files: number;
	bytes: number;
}

/** One look-up: triggers keep the count. */
export const readStorageUsage = readOperation('files.read-storage-usage', (db) => {
	const select = db.prepare('SELECT files, bytes FROM storage_use WHERE owner_seq = ?');
	return ({ ownerSeq }: { ownerSeq: number }): StorageUsage =>
		(select.get(ownerSeq) as StorageUsage | undefined) ?? { files: 0, bytes: 0 };
});
