import type { Database } from 'better-sqlite3';
import { CodedError } from '../../shared/coded-error.ts';
import { newId } from '../database/new-id.ts';
import { childPath, formatPath } from './safe-path.ts';

/** The root of everybody's tree; it has no row. */
export const ROOT = 0;

/** Where a folder is: its path, and since when it is in the trash by itself or with a folder above it. */
export interface Place {
	path: string;
	trashedAt: number | null;
}

/** Walking people's trees inside somebody's transaction. */
export interface Tree {
	/** The folder that the names lead to; null when there is none. */
	findFolder(ownerSeq: number, names: readonly string[]): number | null;
	/** The folder that the names lead to, made where missing. Throws `not-a-folder` when a name is a file's. */
	ensureFolder(ownerSeq: number, names: readonly string[], now: number): number;
	/** What has the name in the folder. */
	takenBy(ownerSeq: number, folderSeq: number, name: string): 'file' | 'folder' | null;
	/** Where a folder is; null when it is gone. */
	placeOf(folderSeq: number): Place | null;
}

export const prepareTree = (db: Database): Tree => {
	const findFolder = db
		.prepare('SELECT seq FROM folders WHERE owner_seq = ? AND parent_seq = ? AND name = ? AND trashed_at IS NULL')
		.pluck();
	const findFile = db
		.prepare('SELECT seq FROM files WHERE owner_seq = ? AND folder_seq = ? AND name = ? AND trashed_at IS NULL')
		.pluck();
	const insertFolder = db.prepare(
		'INSERT INTO folders (id, owner_seq, parent_seq, name, created_at) VALUES (?, ?, ?, ?, ?)',
	);
	const folderBySeq = db.prepare('SELECT parent_seq, name, trashed_at, trashed_from FROM folders WHERE seq = ?');

	const child = (ownerSeq: number, parent: number, name: string) =>
		(findFolder.get(ownerSeq, parent, name) as number | undefined) ?? null;

	return {
		findFolder(ownerSeq, names) {
			let at = ROOT;
			for (const name of names) {
				const next = child(ownerSeq, at, name);
				if (next === null) return null;
				at = next;
			}
			return at;
		},

		ensureFolder(ownerSeq, names, now) {
			let at = ROOT;
			for (const [depth, name] of names.entries()) {
				const there = child(ownerSeq, at, name);
				if (there === null && findFile.get(ownerSeq, at, name) !== undefined) {
					throw new CodedError('not-a-folder', `${formatPath(names.slice(0, depth + 1))} is a file.`);
				}
				at = there ?? Number(insertFolder.run(newId('folder', now), ownerSeq, at, name, now).lastInsertRowid);
			}
			return at;
		},

		takenBy(ownerSeq, folderSeq, name) {
			if (child(ownerSeq, folderSeq, name) !== null) return 'folder';
			return findFile.get(ownerSeq, folderSeq, name) === undefined ? null : 'file';
		},

		placeOf(folderSeq) {
			const names: string[] = [];
			for (let at = folderSeq; at !== ROOT; ) {
				const row = folderBySeq.get(at) as
					| { parent_seq: number; name: string; trashed_at: number | null; trashed_from: string | null }
					| undefined;
				if (!row) return null;
				// What is above a folder in the trash is not its place any more; it remembers where it was.
				if (row.trashed_from !== null) {
					const path = names.reduceRight(childPath, row.trashed_from);
					return { path, trashedAt: row.trashed_at };
				}
				names.push(row.name);
				at = row.parent_seq;
			}
			return { path: formatPath(names.reverse()), trashedAt: null };
		},
	};
};
