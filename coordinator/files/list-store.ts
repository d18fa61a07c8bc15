import type { Database } from 'better-sqlite3';
import { z } from 'zod';
import { CodedError } from '../../shared/coded-error.ts';
import type { FolderEntry } from '../../shared/protocol/file.ts';
import { readOperation } from '../database/operation.ts';
import { childPath, formatPath, splitPath } from './safe-path.ts';
import { prepareTree } from './tree-store.ts';
import {
	FILE_ROWS,
	type FileRow,
	FOLDER_ROWS,
	type FolderRow,
	fileView,
	folderView,
	prepareFileTasks,
} from './view-store.ts';

/** The last entry that was listed. */
export const folderPositionSchema = z.tuple([z.enum(['folder', 'file']), z.string().max(255)]);
export type FolderPosition = z.infer<typeof folderPositionSchema>;

export interface Listed<P> {
	items: FolderEntry[];
	/** Where the next page begins; null on the last one. */
	next: P | null;
}

/** The folder's seq; says whether a file is in the way or nothing is there. */
export const prepareRequireFolder = (db: Database) => {
	const tree = prepareTree(db);
	return (ownerSeq: number, names: readonly string[]): number => {
		const seq = tree.findFolder(ownerSeq, names);
		if (seq !== null) return seq;
		const { folder, name } = splitPath(names);
		const parent = tree.findFolder(ownerSeq, folder);
		if (parent !== null && tree.takenBy(ownerSeq, parent, name) === 'file') throw new CodedError('not-a-folder');
		throw new CodedError('not-found', `There is no folder ${formatPath(names)}.`);
	};
};

/** One page of a folder: folders first, then files, each by name. */
export const listFolder = readOperation('files.list-folder', (db) => {
	const requireFolder = prepareRequireFolder(db);
	const tasksOf = prepareFileTasks(db);
	const folders = db.prepare(
		`${FOLDER_ROWS} WHERE owner_seq = ? AND parent_seq = ? AND trashed_at IS NULL AND name > ? ORDER BY name LIMIT ?`,
	);
	const files = db.prepare(
		`${FILE_ROWS} WHERE f.owner_seq = ? AND f.folder_seq = ? AND f.trashed_at IS NULL AND f.name > ?
		 ORDER BY f.name LIMIT ?`,
	);
	return (args: {
		ownerSeq: number;
		names: string[];
		limit: number;
		after: FolderPosition | null;
	}): Listed<FolderPosition> => {
		const { ownerSeq, limit, after } = args;
		const seq = requireFolder(ownerSeq, args.names);
		const path = formatPath(args.names);
		// One more than asked for tells whether there is a next page.
		const folderRows =
			after?.[0] === 'file' ? [] : (folders.all(ownerSeq, seq, after?.[1] ?? '', limit + 1) as FolderRow[]);
		const left = limit + 1 - folderRows.length;
		const fileRows =
			left <= 0 ? [] : (files.all(ownerSeq, seq, after?.[0] === 'file' ? after[1] : '', left) as FileRow[]);
		const tasks = tasksOf(fileRows);
		const items: FolderEntry[] = [
			...folderRows.map((row) => ({ kind: 'folder' as const, ...folderView(row, childPath(path, row.name)) })),
			...fileRows.map((row) => {
				const place = { path: childPath(path, row.name), trashedAt: null };
				return { kind: 'file' as const, ...fileView(row, place, tasks.get(row.seq) ?? []) };
			}),
		];
		if (items.length <= limit) return { items, next: null };
		const last = items[limit - 1]!;
		return { items: items.slice(0, limit), next: [last.kind, last.name] };
	};
});

export const trashPositionSchema = z.tuple([z.number(), z.enum(['folder', 'file']), z.number()]);
export type TrashPosition = z.infer<typeof trashPositionSchema>;

/** One page of what a person put into the trash, the newest first. */
export const listTrash = readOperation('files.list-trash', (db) => {
	const tasksOf = prepareFileTasks(db);
	const keys = db.prepare(
		`SELECT kind, seq, at FROM (
			SELECT 'folder' AS kind, seq, trashed_at AS at FROM folders WHERE owner_seq = @ownerSeq AND trashed_at <= @at
			UNION ALL
			SELECT 'file', seq, trashed_at FROM files WHERE owner_seq = @ownerSeq AND trashed_at <= @at)
		 WHERE (at, kind, seq) < (@at, @kind, @seq)
		 ORDER BY at DESC, kind DESC, seq DESC LIMIT @limit`,
	);
	const folders = db.prepare(`${FOLDER_ROWS} WHERE seq IN (SELECT value FROM json_each(?))`);
	const files = db.prepare(`${FILE_ROWS} WHERE f.seq IN (SELECT value FROM json_each(?))`);
	type Key = { kind: 'folder' | 'file'; seq: number; at: number };
	const seqs = (found: readonly Key[], kind: Key['kind']): string =>
		JSON.stringify(found.filter((key) => key.kind === kind).map(({ seq }) => seq));

	return (args: { ownerSeq: number; limit: number; after: TrashPosition | null }): Listed<TrashPosition> => {
		const [at, kind, seq] = args.after ?? [Number.MAX_SAFE_INTEGER, 'folder', Number.MAX_SAFE_INTEGER];
		const found = keys.all({ ownerSeq: args.ownerSeq, at, kind, seq, limit: args.limit + 1 }) as Key[];
		const page = found.slice(0, args.limit);
		const folderBySeq = new Map((folders.all(seqs(page, 'folder')) as FolderRow[]).map((row) => [row.seq, row]));
		const fileRows = files.all(seqs(page, 'file')) as FileRow[];
		const fileBySeq = new Map(fileRows.map((row) => [row.seq, row]));
		const tasks = tasksOf(fileRows);
		const items = page.map((key): FolderEntry => {
			if (key.kind === 'folder') {
				const row = folderBySeq.get(key.seq)!;
				return { kind: 'folder', ...folderView(row, row.trashedFrom!) };
			}
			const row = fileBySeq.get(key.seq)!;
			const place = { path: row.trashedFrom!, trashedAt: row.trashedAt };
			return { kind: 'file', ...fileView(row, place, tasks.get(row.seq) ?? []) };
		});
		const last = page.at(-1);
		return { items, next: found.length > args.limit && last ? [last.at, last.kind, last.seq] : null };
	};
});
