import { CodedError } from '../../shared/coded-error.ts';
import type { FileDetail, FileSummary, FolderView } from '../../shared/protocol/file.ts';
import { readOperation, writeOperation } from '../database/operation.ts';
import { writeCursor } from './cursor.ts';
import { childPath, formatPath, splitPath } from './safe-path.ts';
import { prepareTree } from './tree-store.ts';
import { prepareVersions } from './version-list-store.ts';
import {
	FILE_ROWS,
	type FileRow,
	FOLDER_ROWS,
	type FolderRow,
	fileView,
	folderView,
	instant,
	prepareFileTasks,
} from './view-store.ts';

/** Versions that come with a file; older ones are listed by themselves. */
const NEWEST_VERSIONS = 100;

/** A file with its newest versions; null when it is not there. Also what is in the trash. */
export const readFileDetail = readOperation('files.read-detail', (db) => {
	const tree = prepareTree(db);
	const tasksOf = prepareFileTasks(db);
	const find = db.prepare(`${FILE_ROWS} WHERE f.id = ?`);
	const versionsOf = prepareVersions(db);
	const dueAt = db.prepare('SELECT due_at FROM unsettled_files WHERE file_seq = ?').pluck();
	return ({ id }: { id: string }): { ownerSeq: number; detail: FileDetail } | null => {
		const row = find.get(id) as FileRow | undefined;
		if (!row) return null;
		const folder = row.trashedFrom === null ? tree.placeOf(row.folderSeq) : null;
		const place = folder
			? { path: childPath(folder.path, row.name), trashedAt: folder.trashedAt }
			: { path: row.trashedFrom ?? row.name, trashedAt: row.trashedAt };
		const summary: FileSummary = fileView(row, place, tasksOf([row]).get(row.seq) ?? []);
		const { items: versions, next } = versionsOf(row.seq, null, NEWEST_VERSIONS);
		const versionsCursor = next === null ? null : writeCursor(next);
		const due = dueAt.get(row.seq) as number | undefined;
		const settlesAt = due === undefined ? null : instant(due);
		return { ownerSeq: row.ownerSeq, detail: { ...summary, versions, versionsCursor, settlesAt } };
	};
});

/** Makes the folder, and those above it that are missing; one that is there already is given back as it is. */
export const makeFolder = writeOperation('files.make-folder', (db) => {
	const tree = prepareTree(db);
	const find = db.prepare(`${FOLDER_ROWS} WHERE seq = ?`);
	return (args: { ownerSeq: number; names: string[]; now: number }): { folder: FolderView; created: boolean } => {
		splitPath(args.names);
		const created = tree.findFolder(args.ownerSeq, args.names) === null;
		const seq = tree.ensureFolder(args.ownerSeq, args.names, args.now);
		return { folder: folderView(find.get(seq) as FolderRow, formatPath(args.names)), created };
	};
});

/** What a download needs to know. */
export interface Content {
	ownerSeq: number;
	fileId: string;
	name: string;
	version: number;
	sha256: string;
	size: number;
	/** When this version came. */
	createdAt: number;
	/** What the `mimetype` task found out, if it has run. */
	mediaType: string | null;
}

const CONTENT = `SELECT f.owner_seq AS ownerSeq, f.id AS fileId, f.name, v.number AS version,
	lower(hex(b.sha256)) AS sha256, b.size, v.created_at AS createdAt, v.facts ->> '$.mimetype' AS mediaType
	FROM files f JOIN file_versions v ON v.file_seq = f.seq JOIN blobs b ON b.seq = v.blob_seq`;

/** The newest content at a path; null when nothing is there. Throws `is-a-folder` for a folder. */
export const findContentAt = readOperation('files.find-content-at', (db) => {
	const tree = prepareTree(db);
	const find = db.prepare(
		`${CONTENT} WHERE f.owner_seq = ? AND f.folder_seq = ? AND f.name = ? AND f.trashed_at IS NULL
		 AND v.number = f.version`,
	);
	return ({ ownerSeq, names }: { ownerSeq: number; names: string[] }): Content | null => {
		const { folder, name } = splitPath(names);
		const folderSeq = tree.findFolder(ownerSeq, folder);
		if (folderSeq === null) return null;
		const content = find.get(ownerSeq, folderSeq, name) as Content | undefined;
		if (!content && tree.takenBy(ownerSeq, folderSeq, name) === 'folder') throw new CodedError('is-a-folder');
		return content ?? null;
	};
});

/** The content of one version of a file, the newest unless told, also of one in the trash; null when it is not there. */
export const findContent = readOperation('files.find-content', (db) => {
	const find = db.prepare(`${CONTENT} WHERE f.id = @id AND v.number = coalesce(@version, f.version)`);
	return (args: { id: string; version: number | null }): Content | null =>
		(find.get(args) as Content | undefined) ?? null;
});

export interface ThumbnailContent {
	ownerSeq: number;
	sha256: string;
	size: number;
	mediaType: string;
}

/** The thumbnail of one version of a file, the newest unless told; null when there is none. */
export const findThumbnail = readOperation('files.find-thumbnail', (db) => {
	const find = db.prepare(
		`SELECT f.owner_seq AS ownerSeq, lower(hex(b.sha256)) AS sha256, b.size, v.thumbnail_type AS mediaType
		 FROM files f JOIN file_versions v ON v.file_seq = f.seq JOIN blobs b ON b.seq = v.thumbnail_blob_seq
		 WHERE f.id = @id AND v.number = coalesce(@version, f.version)`,
	);
	return (args: { id: string; version: number | null }): ThumbnailContent | null =>
		(find.get(args) as ThumbnailContent | undefined) ?? null;
});
