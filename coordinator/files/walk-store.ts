import { readOperation } from '../database/operation.ts';
import { prepareRequireFolder } from './list-store.ts';

/** A folder to be walked, with its path below where the walk began (`''` for the beginning). */
export interface WalkFolder {
	seq: number;
	path: string;
}

export interface WalkFile {
	seq: number;
	name: string;
	sha256: string;
	size: number;
	modifiedAt: number;
}

/** A folder, or a file of it. */
export type WalkStep = { folder: string } | { folder: string; file: WalkFile };

export interface WalkPage {
	folders: { seq: number; name: string }[];
	files: WalkFile[];
}

/** The folder that a walk begins with. Throws `not-found` or `not-a-folder`. */
export const findWalkStart = readOperation('files.find-walk-start', (db) => {
	const requireFolder = prepareRequireFolder(db);
	return ({ ownerSeq, names }: { ownerSeq: number; names: string[] }): WalkFolder => ({
		seq: requireFolder(ownerSeq, names),
		path: '',
	});
});

/** The next files of a folder in the order of their rows, and, on the first page, the folders in it. */
export const walkFolder = readOperation('files.walk-folder', (db) => {
	const folders = db.prepare(
		'SELECT seq, name FROM folders WHERE owner_seq = ? AND parent_seq = ? AND trashed_at IS NULL ORDER BY name',
	);
	const files = db.prepare(
		`SELECT f.seq, f.name, lower(hex(b.sha256)) AS sha256, b.size, f.modified_at AS modifiedAt
		 FROM files f JOIN file_versions v ON v.file_seq = f.seq AND v.number = f.version JOIN blobs b ON b.seq = v.blob_seq
		 WHERE f.owner_seq = ? AND f.folder_seq = ? AND f.trashed_at IS NULL AND f.name > ? ORDER BY f.name LIMIT ?`,
	);
	return (args: { ownerSeq: number; folder: WalkFolder; after: string; limit: number }): WalkPage => ({
		folders: args.after === '' ? (folders.all(args.ownerSeq, args.folder.seq) as { seq: number; name: string }[]) : [],
		files: files.all(args.ownerSeq, args.folder.seq, args.after, args.limit) as WalkFile[],
	});
});
