import { readOperation } from '../database/operation.ts';

/** What a person's files take: every version counts, and what is in the trash too. */
export interface StorageUsage {
	files: number;
	versions: number;
	bytes: number;
	/** Of these, what was itself put into the trash. */
	trashBytes: number;
}

export const readStorageUsage = readOperation('files.read-storage-usage', (db) => {
	// The two halves together are all files of the owner, each half from its index.
	const select = db.prepare(
		`WITH mine (seq, in_trash) AS (
			SELECT seq, 0 FROM files WHERE owner_seq = @ownerSeq AND trashed_at IS NULL
			UNION ALL
			SELECT seq, 1 FROM files WHERE owner_seq = @ownerSeq AND trashed_at IS NOT NULL)
		 SELECT count(DISTINCT m.seq) AS files, count(*) AS versions, coalesce(sum(b.size), 0) AS bytes,
		        coalesce(sum(b.size) FILTER (WHERE m.in_trash), 0) AS trashBytes
		 FROM mine m JOIN file_versions v ON v.file_seq = m.seq JOIN blobs b ON b.seq = v.blob_seq`,
	);
	return ({ ownerSeq }: { ownerSeq: number }) => select.get({ ownerSeq }) as StorageUsage;
});
