import type { Database } from 'better-sqlite3';
import type { FileSummary, FileTask, FolderView } from '../../shared/protocol/file.ts';
import type { Json } from '../../shared/protocol/json.ts';
import type { TaskState } from '../../shared/protocol/task.ts';

/** A file with its newest version, as read for a list. */
export interface FileRow {
	seq: number;
	id: string;
	ownerSeq: number;
	folderSeq: number;
	name: string;
	version: number;
	createdAt: number;
	modifiedAt: number;
	trashedAt: number | null;
	trashedFrom: string | null;
	facts: string;
	hasThumbnail: 0 | 1;
	sha256: string;
	size: number;
}

export const FILE_ROWS = `SELECT f.seq, f.id, f.owner_seq AS ownerSeq, f.folder_seq AS folderSeq, f.name, f.version,
	f.created_at AS createdAt, f.modified_at AS modifiedAt, f.trashed_at AS trashedAt, f.trashed_from AS trashedFrom,
	v.facts, v.thumbnail_blob_seq IS NOT NULL AS hasThumbnail, lower(hex(b.sha256)) AS sha256, b.size
	FROM files f JOIN file_versions v ON v.file_seq = f.seq AND v.number = f.version JOIN blobs b ON b.seq = v.blob_seq`;

export interface FolderRow {
	seq: number;
	id: string;
	name: string;
	createdAt: number;
	trashedAt: number | null;
	trashedFrom: string | null;
}

export const FOLDER_ROWS = `SELECT seq, id, name, created_at AS createdAt, trashed_at AS trashedAt,
	trashed_from AS trashedFrom FROM folders`;

export const instant = (at: number): string => new Date(at).toISOString();

/** The version in the address lets a browser cache a thumbnail for good. */
export const thumbnailUrl = (id: string, version: number): string => `/api/v1/files/${id}/thumbnail?version=${version}`;

export const folderView = (row: FolderRow, path: string): FolderView => ({
	id: row.id,
	path,
	name: row.name,
	createdAt: instant(row.createdAt),
	...(row.trashedAt === null ? {} : { trashedAt: instant(row.trashedAt) }),
});

/** `trashedAt`: since when it is in the trash, by itself or with a folder above it. */
export const fileView = (
	row: FileRow,
	place: { path: string; trashedAt: number | null },
	tasks: readonly FileTask[],
): FileSummary => ({
	id: row.id,
	path: place.path,
	name: row.name,
	size: row.size,
	sha256: row.sha256,
	version: row.version,
	createdAt: instant(row.createdAt),
	modifiedAt: instant(row.modifiedAt),
	trashedAt: place.trashedAt === null ? null : instant(place.trashedAt),
	facts: JSON.parse(row.facts) as Record<string, Json>,
	thumbnail: row.hasThumbnail ? { url: thumbnailUrl(row.id, row.version) } : null,
	tasks: [...tasks],
});

/** Most tasks that a file is listed with: the newest ones. */
const MOST_TASKS = 20;

/** The tasks on the newest versions of files, oldest first, from one query for all of them. */
export const prepareFileTasks = (
	db: Database,
): ((files: readonly Pick<FileRow, 'seq' | 'version'>[]) => Map<number, FileTask[]>) => {
	const select = db.prepare(
		`SELECT t.file_seq AS fileSeq, t.id, y.name AS type, t.state, t.version
		 FROM json_each(?) f JOIN tasks t ON t.seq IN (
			SELECT seq FROM tasks WHERE file_seq = f.value ->> 0 ORDER BY seq DESC LIMIT ${MOST_TASKS})
		 JOIN task_types y ON y.seq = t.type_seq
		 WHERE t.inputs ->> '$[0].version' = f.value ->> 1
		 ORDER BY t.seq`,
	);
	return (files) => {
		const tasks = new Map<number, FileTask[]>(files.map(({ seq }) => [seq, []]));
		const rows = select.all(JSON.stringify(files.map(({ seq, version }) => [seq, version]))) as (Omit<
			FileTask,
			'progress'
		> & { fileSeq: number; state: TaskState })[];
		for (const { fileSeq, ...task } of rows) tasks.get(fileSeq)?.push({ ...task, progress: null });
		return tasks;
	};
};
