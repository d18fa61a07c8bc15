import type { Database } from 'better-sqlite3';
import type { Entry } from './entry-store.ts';

/** All that is below a folder, without what was put into the trash on its own before; that has its own way back. */
export interface Subtree {
	/** How much deeper and longer (bytes) than the folder's own path the paths below it get. */
	extent(folder: Entry): { depth: number; bytes: number };
	/** How many files there are, and what their newest versions take. */
	sum(folder: Entry): { files: number; bytes: number };
	/** Destroys so many files at most; true when none are left. */
	destroyFiles(folder: Entry, limit: number): boolean;
	/** Destroys the folder and all folders below it; files must be gone before. */
	destroyFolders(folder: Entry): void;
}

const BELOW = `WITH RECURSIVE below (seq, depth, bytes) AS (
	SELECT @seq, 0, 0
	UNION ALL
	SELECT f.seq, b.depth + 1, b.bytes + 1 + octet_length(f.name)
	FROM below b JOIN folders f ON f.owner_seq = @ownerSeq AND f.parent_seq = b.seq AND f.trashed_at IS NULL)`;

export const prepareSubtree = (db: Database): Subtree => {
	const extent = db.prepare(
		`${BELOW} SELECT max(depth) AS depth, max(bytes) AS bytes FROM (
			SELECT depth, bytes FROM below
			UNION ALL
			SELECT b.depth + 1, b.bytes + 1 + octet_length(f.name)
			FROM below b JOIN files f ON f.owner_seq = @ownerSeq AND f.folder_seq = b.seq AND f.trashed_at IS NULL)`,
	);
	const sum = db.prepare(
		`${BELOW} SELECT count(*) AS files, coalesce(sum(s.size), 0) AS bytes
		 FROM below b JOIN files f ON f.owner_seq = @ownerSeq AND f.folder_seq = b.seq AND f.trashed_at IS NULL
		 JOIN file_versions v ON v.file_seq = f.seq AND v.number = f.version JOIN blobs s ON s.seq = v.blob_seq`,
	);
	const destroyFiles = db.prepare(
		`DELETE FROM files WHERE seq IN (
			${BELOW} SELECT f.seq FROM below b
			JOIN files f ON f.owner_seq = @ownerSeq AND f.folder_seq = b.seq AND f.trashed_at IS NULL LIMIT @limit)`,
	);
	// What is in the trash on its own loses its parent, but remembers its path.
	const freeTrashedFiles = db.prepare(
		`UPDATE files SET folder_seq = 0
		 WHERE trashed_at IS NOT NULL AND folder_seq IN (${BELOW} SELECT seq FROM below)`,
	);
	const freeTrashedFolders = db.prepare(
		`UPDATE folders SET parent_seq = 0
		 WHERE trashed_at IS NOT NULL AND parent_seq IN (${BELOW} SELECT seq FROM below)`,
	);
	const destroyFolders = db.prepare(`DELETE FROM folders WHERE seq IN (${BELOW} SELECT seq FROM below)`);
	const where = ({ seq, ownerSeq }: Entry) => ({ seq, ownerSeq });

	return {
		extent: (folder) => extent.get(where(folder)) as { depth: number; bytes: number },
		sum: (folder) => sum.get(where(folder)) as { files: number; bytes: number },
		destroyFiles: (folder, limit) => destroyFiles.run({ ...where(folder), limit }).changes < limit,
		destroyFolders(folder) {
			freeTrashedFiles.run(where(folder));
			freeTrashedFolders.run(where(folder));
			destroyFolders.run(where(folder));
		},
	};
};
