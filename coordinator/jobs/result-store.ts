import { readOperation } from '../database/operation.ts';
import { prepareTree } from '../files/tree-store.ts';

/** How far a list of a job's results has been read. */
export interface ResultPosition {
	taskSeq: number;
	name: string;
}

/** Something that a job has brought. */
export interface JobResult extends ResultPosition {
	sha256: string;
	size: number;
	at: number;
	type: string;
	/** Path of the first file that was worked on, as it was then. */
	input: string | null;
	/** The file that it became: where that is now; null when it stays with its task, is in the trash or gone. */
	filed: { folder: string; name: string } | null;
}

interface Row extends Omit<JobResult, 'filed'> {
	folderSeq: number | null;
	fileName: string | null;
}

/** What tasks of a job have brought, in their order: also what stays with them. */
export const listJobResults = readOperation('jobs.list-results', (db) => {
	const select = db.prepare(
		`SELECT t.seq AS taskSeq, o.name, lower(hex(b.sha256)) AS sha256, b.size, coalesce(t.finished_at, t.created_at) AS at,
		        y.name AS type, t.inputs ->> '$[0].path' AS input, f.folder_seq AS folderSeq, f.name AS fileName
		 FROM jobs j JOIN tasks t ON t.job_seq = j.seq JOIN task_types y ON y.seq = t.type_seq
		 JOIN task_outputs o ON o.task_seq = t.seq JOIN blobs b ON b.seq = o.blob_seq
		 LEFT JOIN filings g ON g.task_seq = t.seq AND g.name = o.name
		 LEFT JOIN files f ON f.seq = g.file_seq AND f.trashed_at IS NULL
		 WHERE j.id = @id AND t.seq >= @taskSeq AND (t.seq > @taskSeq OR o.name > @name)
		 ORDER BY t.seq, o.name LIMIT @limit`,
	);
	const tree = prepareTree(db);
	return (args: { id: string; after: ResultPosition; limit: number }): JobResult[] => {
		const { id, after, limit } = args;
		return (select.all({ id, ...after, limit }) as Row[]).map(({ folderSeq, fileName, ...row }) => {
			const place = folderSeq === null ? null : tree.placeOf(folderSeq);
			const isThere = place !== null && place.trashedAt === null && fileName !== null;
			return { ...row, filed: isThere ? { folder: place.path, name: fileName } : null };
		});
	};
});
