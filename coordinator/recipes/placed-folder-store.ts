import { readOperation, writeOperation } from '../database/operation.ts';
import { type FolderDetail, prepareTellPlaced } from '../files/placed-store.ts';
import { parsePath } from '../files/safe-path.ts';
import { prepareTree } from '../files/tree-store.ts';
import { prepareUnsettled } from '../files/unsettled-store.ts';
import { prepareDropHappening, prepareLastHappening } from '../happenings/happening-store.ts';
import { prepareRevision } from './book-store.ts';
import { type Fired, type FiredFile, prepareFire } from './fire-store.ts';
import type { Plan } from './plan.ts';
import { type DoneBefore, type PlacedVersion, preparePlacedVersion, type Stale } from './refire-store.ts';

/** A part of a folder that was put into its place as a whole. */
export interface FolderPage {
	path: string;
	files: { name: string; version: PlacedVersion }[];
	folders: { seq: number; name: string }[];
	/** Where to go on; null: that was all. */
	next: FolderDetail['after'] | null;
}

/** Where a folder is; null when it is gone, or in the trash. */
export const readFolderPath = readOperation('recipes.read-folder-path', (db) => {
	const tree = prepareTree(db);
	return ({ folderSeq }: { folderSeq: number }): string | null => {
		const place = tree.placeOf(folderSeq);
		return place?.trashedAt === null ? place.path : null;
	};
});

/** The next files of a folder, and when there are none any more the next folders in it. */
export const readFolderPage = readOperation('recipes.read-folder-page', (db) => {
	const files = db.prepare(
		`SELECT seq, name, version FROM files WHERE owner_seq = ? AND folder_seq = ? AND trashed_at IS NULL AND name > ?
		 ORDER BY name LIMIT ?`,
	);
	const folders = db.prepare(
		`SELECT seq, name FROM folders WHERE owner_seq = ? AND parent_seq = ? AND trashed_at IS NULL AND name > ?
		 ORDER BY name LIMIT ?`,
	);
	const versionOf = preparePlacedVersion(db);
	return (args: { ownerSeq: number; folderSeq: number; after: FolderDetail['after']; limit: number }) => {
		const { ownerSeq, folderSeq, limit } = args;
		const [kind, name] = args.after;
		const page: Omit<FolderPage, 'path'> = { files: [], folders: [], next: null };
		if (kind === 'file') {
			const rows = files.all(ownerSeq, folderSeq, name, limit) as { seq: number; name: string; version: number }[];
			for (const { seq, name: own, version: number } of rows) {
				const version = versionOf(seq, number);
				if (version) page.files.push({ name: own, version });
			}
			page.next = rows.length === limit ? ['file', rows.at(-1)!.name] : ['folder', ''];
			return page;
		}
		page.folders = folders.all(ownerSeq, folderSeq, name, limit) as FolderPage['folders'];
		page.next = page.folders.length === limit ? ['folder', page.folders.at(-1)!.name] : null;
		return page;
	};
});

/**
 * Does what triggers do about one page of a folder but for files that wait (`waiting`: how many), tells of the folders in it, and notes how far that came, all in the
 * row of the happening that it follows from: the last page deletes it.
 */
export const followFolder = writeOperation('recipes.follow-folder', (db) => {
	const revisionOf = prepareRevision(db);
	const drop = prepareDropHappening(db);
	const note = db.prepare('UPDATE happenings SET detail = ? WHERE seq = ?');
	const fire = prepareFire(db);
	const unsettled = prepareUnsettled(db);
	const tell = prepareTellPlaced(db);
	const last = prepareLastHappening(db);
	return (args: {
		happening: number;
		ownerSeq: number;
		revision: number;
		/** `from`: where it was, null for a copy. */
		files: { file: FiredFile; plan: Plan; from: string | null }[];
		folders: { folderSeq: number; from: string | null }[];
		next: FolderDetail | null;
		now: number;
	}): (Pick<Fired, 'tasks' | 'submitted'> & { happened: number; waiting: number }) | Stale | DoneBefore => {
		const { happening, ownerSeq, next, now } = args;
		if (revisionOf(ownerSeq) !== args.revision) return 'stale';
		const isThere = next === null ? drop(happening) : note.run(JSON.stringify(next), happening).changes === 1;
		if (!isThere) return 'done-before';
		let waiting = 0;
		const fired = args.files.flatMap(({ file, from, plan }) => {
			const { input, isSniffed } = file;
			const { fileSeq, size } = input;
			const came = { ownerSeq, names: parsePath(input.path), size, event: 'upload', from, now } as const;
			const waits = fileSeq !== null && unsettled.wait({ ...came, fileSeq, mediaType: null, isSniffed });
			if (!waits) return fire(file, plan, now);
			waiting += 1;
			return [];
		});
		for (const folder of args.folders) tell.folder({ ownerSeq, ...folder, now });
		return {
			tasks: fired.flatMap(({ tasks }) => tasks),
			submitted: fired.flatMap(({ submitted }) => submitted),
			happened: last(),
			waiting,
		};
	};
});
