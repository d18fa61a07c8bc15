import type { Database } from 'better-sqlite3';
import { childPath } from './safe-path.ts';
import { type Place, prepareTree, type Tree } from './tree-store.ts';

export type EntryKind = 'file' | 'folder';

/** A file or folder in a person's tree or trash. */
export interface Entry {
	kind: EntryKind;
	seq: number;
	id: string;
	ownerSeq: number;
	/** The folder that it is in; 0 for the root. */
	parentSeq: number;
	name: string;
	revision: number;
	createdAt: number;
	/** Null unless it was itself put into the trash. */
	trashedAt: number | null;
	trashedFrom: string | null;
}

export interface NewestContent {
	version: number;
	sha256: string;
	size: number;
}

/** What files and folders have in common, inside somebody's transaction. */
export interface Entries {
	readonly tree: Tree;
	find(kind: EntryKind, id: string): Entry | null;
	/** What is at a path; null: nothing, or the root. */
	at(ownerSeq: number, names: readonly string[]): Entry | null;
	/** The newest version of a file. */
	newest(fileSeq: number): NewestContent;
	/** Its path, and since when it is in the trash by itself or with a folder above it. */
	placeOf(entry: Entry): Place;
	/** Puts it there, out of the trash if it was in it; gives its new revision. The name must be free. */
	put(entry: Entry, parentSeq: number, name: string): number;
	/** Takes a file's row away, with all that hangs on it. */
	destroyFile(fileSeq: number): void;
	/** Puts it into the trash; gives its new revision. */
	trash(entry: Entry, path: string, now: number): number;
}

const statements = (db: Database, kind: EntryKind) => {
	const [table, parent] = kind === 'file' ? ['files', 'folder_seq'] : ['folders', 'parent_seq'];
	const select = `SELECT '${kind}' AS kind, seq, id, owner_seq AS ownerSeq, ${parent} AS parentSeq, name, revision,
		created_at AS createdAt, trashed_at AS trashedAt, trashed_from AS trashedFrom FROM ${table}`;
	return {
		find: db.prepare(`${select} WHERE id = ?`),
		at: db.prepare(`${select} WHERE owner_seq = ? AND ${parent} = ? AND name = ? AND trashed_at IS NULL`),
		put: db.prepare(
			`UPDATE ${table} SET ${parent} = ?, name = ?, trashed_at = NULL, trashed_from = NULL, revision = revision + 1
			 WHERE seq = ?`,
		),
		trash: db.prepare(`UPDATE ${table} SET trashed_at = ?, trashed_from = ?, revision = revision + 1 WHERE seq = ?`),
	};
};

export const prepareEntries = (db: Database): Entries => {
	const tree = prepareTree(db);
	const by = { file: statements(db, 'file'), folder: statements(db, 'folder') };
	const newest = db.prepare(
		`SELECT lower(hex(b.sha256)) AS sha256, b.size, f.version FROM files f
		 JOIN file_versions v ON v.file_seq = f.seq AND v.number = f.version JOIN blobs b ON b.seq = v.blob_seq
		 WHERE f.seq = ?`,
	);
	const destroyFile = db.prepare('DELETE FROM files WHERE seq = ?');
	const find = (kind: EntryKind, id: string) => (by[kind].find.get(id) as Entry | undefined) ?? null;
	return {
		tree,
		find,
		at(ownerSeq, names) {
			const name = names.at(-1);
			const parentSeq = name === undefined ? null : tree.findFolder(ownerSeq, names.slice(0, -1));
			if (parentSeq === null) return null;
			for (const kind of ['folder', 'file'] as const) {
				const entry = by[kind].at.get(ownerSeq, parentSeq, name) as Entry | undefined;
				if (entry) return entry;
			}
			return null;
		},
		newest: (fileSeq) => newest.get(fileSeq) as NewestContent,
		destroyFile: (fileSeq) => void destroyFile.run(fileSeq),
		placeOf(entry) {
			if (entry.trashedFrom !== null) return { path: entry.trashedFrom, trashedAt: entry.trashedAt };
			const folder = tree.placeOf(entry.parentSeq);
			if (!folder) throw new Error(`${entry.id} is in a folder that is gone`);
			return { path: childPath(folder.path, entry.name), trashedAt: folder.trashedAt };
		},
		put(entry, parentSeq, name) {
			by[entry.kind].put.run(parentSeq, name, entry.seq);
			return entry.revision + 1;
		},
		trash(entry, path, now) {
			by[entry.kind].trash.run(now, path, entry.seq);
			return entry.revision + 1;
		},
	};
};
