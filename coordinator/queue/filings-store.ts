import type { Database } from 'better-sqlite3';
import type { FiledOutput } from '../../shared/protocol/result.ts';

/** What became of a task's outputs that were to be files, by name. A file in the trash, or below it, has no path. */
export const prepareFilingsOf = (db: Database): ((taskSeq: number) => FiledOutput[]) => {
	const select = db.prepare(
		`SELECT n.name, n.state, f.id AS file, n.version, n.reason,
		   (WITH RECURSIVE up (seq, path) AS (
		      SELECT f.folder_seq, '/' || f.name WHERE f.trashed_at IS NULL
		      UNION ALL
		      SELECT p.parent_seq, '/' || p.name || up.path FROM up JOIN folders p ON p.seq = up.seq AND p.trashed_at IS NULL)
		    SELECT path FROM up WHERE seq = 0) AS path
		 FROM filings n LEFT JOIN files f ON f.seq = n.file_seq WHERE n.task_seq = ? ORDER BY n.name`,
	);
	return (taskSeq) => select.all(taskSeq) as FiledOutput[];
};
