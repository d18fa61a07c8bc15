import type { Database } from 'better-sqlite3';
import type { FileTask } from '../../shared/protocol/file.ts';
import { readOperation } from '../database/operation.ts';
import { splitPath } from '../files/safe-path.ts';
import { prepareTree } from '../files/tree-store.ts';
import { prepareFileTasks } from '../files/view-store.ts';

/** A folder or file as the drive shows it. */
export type OwnRow = OwnFolder | OwnFile;

interface OwnFolder {
	kind: 'folder';
	seq: number;
	id: string;
	name: string;
	createdAt: number;
}

interface OwnFile {
	kind: 'file';
	seq: number;
	id: string;
	name: string;
	version: number;
	createdAt: number;
	modifiedAt: number;
	size: number;
	sha256: string;
	md5: string | null;
	mediaType: string | null;
	/** Empty unless asked for. */
	tasks?: FileTask[];
}

/** The last entry that was listed. */
export interface OwnPosition {
	kind: 'folder' | 'file';
	name: string;
}

export interface OwnPage {
	/** The folder, for the next page. */
	folder: number;
	rows: OwnRow[];
}

const FOLDERS = `SELECT 'folder' AS kind, seq, id, name, created_at AS createdAt FROM folders
	WHERE owner_seq = @ownerSeq AND parent_seq = @folder AND trashed_at IS NULL`;
const FILES = `SELECT 'file' AS kind, f.seq, f.id, f.name, f.version, f.created_at AS createdAt,
	f.modified_at AS modifiedAt, b.size, lower(hex(b.sha256)) AS sha256, v.facts ->> '$.md5' AS md5,
	v.facts ->> '$.mimetype' AS mediaType
	FROM files f JOIN file_versions v ON v.file_seq = f.seq AND v.number = f.version JOIN blobs b ON b.seq = v.blob_seq
	WHERE f.owner_seq = @ownerSeq AND f.folder_seq = @folder AND f.trashed_at IS NULL`;

const prepareWithTasks = (db: Database) => {
	const tasksOf = prepareFileTasks(db);
	return (files: OwnFile[]): OwnFile[] => {
		const tasks = tasksOf(files);
		return files.map((file) => ({ ...file, tasks: tasks.get(file.seq) ?? [] }));
	};
};

/** What is at a path of at least one name; null when nothing is. */
export const findOwn = readOperation('drive.find-own', (db) => {
	const tree = prepareTree(db);
	const folderNamed = db.prepare(`${FOLDERS} AND name = @name`);
	const fileNamed = db.prepare(`${FILES} AND f.name = @name`);
	const withTasks = prepareWithTasks(db);
	return (args: { ownerSeq: number; names: readonly string[]; tasks: boolean }): OwnRow | null => {
		const { ownerSeq } = args;
		const { folder: above, name } = splitPath(args.names);
		const folder = tree.findFolder(ownerSeq, above);
		if (folder === null) return null;
		const file = fileNamed.get({ ownerSeq, folder, name }) as OwnFile | undefined;
		if (file) return args.tasks ? withTasks([file])[0]! : file;
		return (folderNamed.get({ ownerSeq, folder, name }) as OwnFolder | undefined) ?? null;
	};
});

/** A page of a folder, folders first, each kind by name, of no more than what the drive shows; null when it is no folder. */
export const listOwn = readOperation('drive.list-own', (db) => {
	const tree = prepareTree(db);
	const folders = db.prepare(`${FOLDERS} AND name > @after ORDER BY name LIMIT @limit`);
	const files = db.prepare(`${FILES} AND f.name > @after ORDER BY f.name LIMIT @limit`);
	const withTasks = prepareWithTasks(db);
	return (args: {
		ownerSeq: number;
		/** Its names, or what the page before has given. */
		folder: readonly string[] | number;
		after: OwnPosition | null;
		limit: number;
		tasks: boolean;
	}): OwnPage | null => {
		const { ownerSeq, after, limit } = args;
		const folder = typeof args.folder === 'number' ? args.folder : tree.findFolder(ownerSeq, args.folder);
		if (folder === null) return null;
		const isInFiles = after?.kind === 'file';
		const of = { ownerSeq, folder };
		const folderRows = isInFiles ? [] : (folders.all({ ...of, after: after?.name ?? '', limit }) as OwnFolder[]);
		const left = limit - folderRows.length;
		const found = left === 0 ? [] : files.all({ ...of, after: isInFiles ? after.name : '', limit: left });
		const fileRows = args.tasks ? withTasks(found as OwnFile[]) : (found as OwnFile[]);
		return { folder, rows: [...folderRows, ...fileRows] };
	};
});

/** When the person came: the tops of the drive have no other time. */
export const readSince = readOperation('drive.read-since', (db) => {
	const select = db.prepare('SELECT created_at FROM users WHERE seq = ?').pluck();
	return ({ userSeq }: { userSeq: number }): number => (select.get(userSeq) as number | undefined) ?? 0;
});
