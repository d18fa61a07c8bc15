import type { Database } from 'better-sqlite3';
import { readOperation } from '../database/operation.ts';
import type { FoundInput } from '../files/input-store.ts';
import { childPath, formatPath, parsePath } from '../files/safe-path.ts';
import { prepareTree } from '../files/tree-store.ts';
import type { PinnedSelection } from './selections.ts';

/** Folders that one page looks into, so that a tree of empty ones takes no long time. */
const MOST_FOLDERS = 1_000;

/** One page of files. Null stands for a named file that is not there, another person's, or in the trash. */
export interface FilePage {
	files: (FoundInput | null)[];
	/** Where the next page begins; null at the end. */
	next: string | null;
}

/** Where a walk through folders is: which one, by names below the first, and after which file in it. */
interface Position {
	below: string[];
	after: string;
}

const FILE = `SELECT f.id AS file, f.seq AS fileSeq, f.folder_seq AS folderSeq, f.name, v.number AS version,
	lower(hex(b.sha256)) AS sha256, b.size, v.facts ->> '$.mimetype' AS mimetype
	FROM files f JOIN file_versions v ON v.file_seq = f.seq AND v.number = f.version JOIN blobs b ON b.seq = v.blob_seq`;

type Row = Omit<FoundInput, 'path'> & { folderSeq: number; name: string };

const inputOf = ({ folderSeq: _, name, ...row }: Row, folder: string): FoundInput => ({
	...row,
	path: childPath(folder, name),
});

/** Depth first, a folder's files by name before the folders in it: a walk goes on by names, whatever has come and gone. */
const prepareWalk = (db: Database) => {
	const tree = prepareTree(db);
	const nextFolder = db
		.prepare(
			`SELECT name FROM folders WHERE owner_seq = ? AND parent_seq = ? AND trashed_at IS NULL AND name > ?
			 ORDER BY name LIMIT 1`,
		)
		.pluck();
	const files = db.prepare(
		`${FILE} WHERE f.owner_seq = @ownerSeq AND f.folder_seq = @folder AND f.trashed_at IS NULL AND f.name > @after
		 AND f.modified_at < @before AND f.created_at < @createdBefore ORDER BY f.name LIMIT @limit`,
	);
	return (args: {
		ownerSeq: number;
		root: string[];
		recursive: boolean;
		before: number;
		createdBefore: number;
		at: Position;
		limit: number;
	}) => {
		const { ownerSeq, root, recursive, before, createdBefore, limit } = args;
		const found: FoundInput[] = [];
		const seqOf = (below: readonly string[]) => tree.findFolder(ownerSeq, [...root, ...below]);
		const firstIn = (folder: number, after: string) => nextFolder.get(ownerSeq, folder, after) as string | undefined;
		/** The folder after all that lies in this one. */
		const beside = (below: readonly string[]): Position | null => {
			for (let left = below; left.length > 0; left = left.slice(0, -1)) {
				const above = left.slice(0, -1);
				const parent = seqOf(above);
				const name = parent === null ? undefined : firstIn(parent, left.at(-1) ?? '');
				if (name !== undefined) return { below: [...above, name], after: '' };
			}
			return null;
		};
		let at: Position | null = args.at;
		for (let looked = 0; at !== null && looked < MOST_FOLDERS; looked += 1) {
			const { below, after }: Position = at;
			const folder = seqOf(below);
			if (folder !== null) {
				const left = limit - found.length;
				const rows = files.all({ ownerSeq, folder, after, before, createdBefore, limit: left }) as Row[];
				const path = formatPath([...root, ...below]);
				for (const row of rows) found.push(inputOf(row, path));
				if (rows.length === left) return { files: found, at: { below, after: rows.at(-1)?.name ?? after } };
			}
			const inner: string | undefined = folder === null || !recursive ? undefined : firstIn(folder, '');
			at = inner === undefined ? beside(below) : { below: [...below, inner], after: '' };
		}
		return { files: found, at };
	};
};

const timeOf = (text: string | undefined): number => (text === undefined ? Number.MAX_SAFE_INTEGER : Date.parse(text));

/** Files of one's own. */
export type FileSelection = Extract<PinnedSelection, { files: string[] } | { folder: string }>;

/** The next files of a selection. What comes into a folder behind the place where the walk is, is not seen by it. */
export const readSelection = readOperation('jobs.read-selection', (db) => {
	const tree = prepareTree(db);
	const walk = prepareWalk(db);
	const find = db.prepare(`${FILE} WHERE f.id = ? AND f.owner_seq = ? AND f.trashed_at IS NULL`);
	const named = (ownerSeq: number, ids: readonly string[]): (FoundInput | null)[] => {
		const places = new Map<number, ReturnType<typeof tree.placeOf>>();
		return ids.map((id) => {
			const row = find.get(id, ownerSeq) as Row | undefined;
			if (!row) return null;
			if (!places.has(row.folderSeq)) places.set(row.folderSeq, tree.placeOf(row.folderSeq));
			const place = places.get(row.folderSeq);
			return place && place.trashedAt === null ? inputOf(row, place.path) : null;
		});
	};
	return (args: { ownerSeq: number; over: FileSelection; cursor: string | null; limit: number }): FilePage => {
		const { ownerSeq, over, cursor, limit } = args;
		if ('files' in over) {
			const from = cursor === null ? 0 : Number(cursor);
			const to = from + limit;
			return {
				files: named(ownerSeq, over.files.slice(from, to)),
				next: to < over.files.length ? String(to) : null,
			};
		}
		const { folder, recursive, modifiedBefore, createdBefore } = over;
		const { files, at } = walk({
			...{ ownerSeq, recursive, limit, root: parsePath(folder) },
			before: timeOf(modifiedBefore),
			createdBefore: timeOf(createdBefore),
			at: cursor === null ? { below: [], after: '' } : (JSON.parse(cursor) as Position),
		});
		return { files, next: at === null ? null : JSON.stringify(at) };
	};
});

/** Whether a folder is there. */
export const hasFolder = readOperation('jobs.has-folder', (db) => {
	const tree = prepareTree(db);
	return ({ ownerSeq, folder }: { ownerSeq: number; folder: string }) =>
		tree.findFolder(ownerSeq, parsePath(folder)) !== null;
});
