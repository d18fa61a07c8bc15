import type { JobOutput, ResultView } from '../../shared/protocol/result.ts';
import { readOperation } from '../database/operation.ts';
import { childPath } from '../files/safe-path.ts';
import { prepareTree } from '../files/tree-store.ts';
import { thumbnailUrl } from '../files/view-store.ts';
import { prepareMissing } from '../queue/missing-store.ts';

/** Where a list of results goes on, in its order: the newest first. */
export interface ResultPlace {
	at: number;
	fileSeq: number;
	version: number;
}

interface Found extends Omit<ResultView, 'path' | 'thumbnail' | 'job' | 'recipe' | 'at'>, ResultPlace {
	folderSeq: number;
	hasThumbnail: 0 | 1;
	jobId: string | null;
	jobTitle: string | null;
	recipeId: string | null;
	recipeName: string | null;
}

const SELECT = `SELECT p.at, p.file_seq AS fileSeq, p.version, f.id AS file, f.name, f.folder_seq AS folderSeq, b.size,
	lower(hex(b.sha256)) AS sha256, v.thumbnail_blob_seq IS NOT NULL AS hasThumbnail, p.type, p.output, t.id AS task,
	j.id AS jobId, j.title AS jobTitle, p.recipe AS recipeId, r.name AS recipeName
	FROM provenance p JOIN files f ON f.seq = p.file_seq AND f.trashed_at IS NULL
	JOIN file_versions v ON v.file_seq = p.file_seq AND v.number = p.version JOIN blobs b ON b.seq = v.blob_seq
	LEFT JOIN tasks t ON t.seq = p.task_seq LEFT JOIN jobs j ON j.seq = p.job_seq LEFT JOIN recipes r ON r.id = p.recipe`;
const PAGE = `(p.at, p.file_seq, p.version) < (@at, @fileSeq, @version)
	ORDER BY p.at DESC, p.file_seq DESC, p.version DESC LIMIT @limit`;
const FIRST: ResultPlace = { at: Number.MAX_SAFE_INTEGER, fileSeq: 0, version: 0 };

/** A page of the files that a person's tasks made, newest first: of all of them, of a job, a recipe or a task. */
export const listResults = readOperation('results.list', (db) => {
	const narrowed = '(@recipe IS NULL OR p.recipe = @recipe)';
	const all = db.prepare(`${SELECT} WHERE p.owner_seq = @ownerSeq AND ${narrowed} AND ${PAGE}`);
	const ofJob = db.prepare(
		`${SELECT} WHERE p.job_seq = (SELECT seq FROM jobs WHERE id = @job) AND +p.owner_seq = @ownerSeq AND ${narrowed} AND ${PAGE}`,
	);
	const ofTask = db.prepare(
		`${SELECT} WHERE p.task_seq = (SELECT seq FROM tasks WHERE id = @task) AND +p.owner_seq = @ownerSeq AND ${narrowed} AND ${PAGE}`,
	);
	const tree = prepareTree(db);
	return (args: {
		ownerSeq: number;
		job: string | null;
		recipe: string | null;
		task: string | null;
		before: ResultPlace | null;
		limit: number;
	}): { items: ResultView[]; next: ResultPlace | null } => {
		const { before, limit, ...filter } = args;
		const select = args.task !== null ? ofTask : args.job !== null ? ofJob : all;
		const found = select.all({ ...filter, ...(before ?? FIRST), limit: limit + 1 }) as Found[];
		const rows = found.slice(0, limit);
		const last = rows.at(-1);
		const next = found.length > limit && last ? placeOf(last) : null;
		return { items: rows.map((row) => viewOf(row, tree.placeOf(row.folderSeq))), next };
	};
});

const placeOf = ({ at, fileSeq, version }: ResultPlace): ResultPlace => ({ at, fileSeq, version });

const viewOf = (row: Found, folder: { path: string; trashedAt: number | null } | null): ResultView => {
	const { file, name, version, size, sha256, type, output, task } = row;
	const isThere = folder !== null && folder.trashedAt === null;
	return {
		...{ file, name, version, size, sha256, type, output, task },
		path: isThere ? childPath(folder.path, name) : null,
		thumbnail: row.hasThumbnail === 1 ? { url: thumbnailUrl(file, version) } : null,
		job: row.jobId === null ? null : { id: row.jobId, title: row.jobTitle ?? '' },
		recipe: row.recipeId === null ? null : { id: row.recipeId, name: row.recipeName },
		at: new Date(row.at).toISOString(),
	};
};

/** Where a list of a job's outputs goes on: by task, then by name. */
export interface OutputPlace {
	taskSeq: number;
	name: string;
}

/** A page of what came out of a job's tasks, in the order of the tasks; with the file that was made of it. Throws `not-found`. */
export const listJobOutputs = readOperation('results.list-job-outputs', (db) => {
	const find = db.prepare('SELECT seq FROM jobs WHERE id = ? AND owner_seq = ?').pluck();
	const missing = prepareMissing(db);
	const select = db.prepare(
		`SELECT t.seq AS taskSeq, t.id AS task, y.name AS type, t.inputs ->> '$[0].path' AS input, o.name, b.size,
		   lower(hex(b.sha256)) AS sha256, o.media_type AS mediaType, f.id AS file, n.version, n.reason
		 FROM tasks t JOIN task_types y ON y.seq = t.type_seq JOIN task_outputs o ON o.task_seq = t.seq
		 JOIN blobs b ON b.seq = o.blob_seq LEFT JOIN filings n ON n.task_seq = t.seq AND n.name = o.name
		 LEFT JOIN files f ON f.seq = n.file_seq AND f.trashed_at IS NULL
		 WHERE t.job_seq = @job AND t.seq >= @taskSeq AND (t.seq > @taskSeq OR o.name > @name)
		 ORDER BY t.seq, o.name LIMIT @limit`,
	);
	return (args: {
		ownerSeq: number;
		job: string;
		after: OutputPlace | null;
		limit: number;
	}): { items: JobOutput[]; next: OutputPlace | null } => {
		const job = find.get(args.job, args.ownerSeq) as number | undefined;
		if (job === undefined) throw missing('job', args.job);
		const after = args.after ?? { taskSeq: 0, name: '' };
		const found = select.all({ job, ...after, limit: args.limit + 1 }) as (Omit<JobOutput, 'url'> & OutputPlace)[];
		const rows = found.slice(0, args.limit);
		const last = rows.at(-1);
		return {
			items: rows.map(({ taskSeq: _, ...row }) => ({
				...row,
				url: `/api/v1/tasks/${row.task}/outputs/${encodeURIComponent(row.name)}`,
			})),
			next: found.length > args.limit && last ? { taskSeq: last.taskSeq, name: last.name } : null,
		};
	};
});
