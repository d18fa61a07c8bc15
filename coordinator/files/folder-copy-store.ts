import { CodedError } from '../../shared/coded-error.ts';
import { newId } from '../database/new-id.ts';
import { writeOperation } from '../database/operation.ts';
import { prepareLastHappening } from '../happenings/happening-store.ts';
import { prepareCopyContent, prepareCopyProperties } from './copy-content-store.ts';
import { prepareEntries } from './entry-store.ts';
import type { FileChange } from './file-events.ts';
import { prepareTrashEntry, requireRoom } from './place-entry-store.ts';
import { prepareTellPlaced } from './placed-store.ts';
import { prepareRequireQuota, type Quota } from './quota-store.ts';
import { formatPath } from './safe-path.ts';
import { prepareSubtree } from './subtree-store.ts';
import { prepareTargetAudit } from './target.ts';
import { prepareEnds, type TransferArgs, type Transferred } from './transfer-store.ts';

/** A folder and its copy. */
export interface FolderPair {
	from: number;
	to: number;
}

/** A copy that has begun. */
export interface BegunCopy extends FolderPair {
	/** Public id of the copy. */
	id: string;
}

/**
 * Makes the copy of a folder, empty yet and out of sight: it stands in the trash until it is whole, so that nobody ever
 * sees a half, and what is left when the process dies goes with the trash. Throws what is against it, also in the end.
 */
export const beginFolderCopy = writeOperation('files.begin-folder-copy', (db) => {
	const ends = prepareEnds(db);
	const subtree = prepareSubtree(db);
	const requireQuota = prepareRequireQuota(db);
	const copyProperties = prepareCopyProperties(db);
	const insert = db.prepare(
		`INSERT INTO folders (id, owner_seq, parent_seq, name, created_at, trashed_at, trashed_from)
		 VALUES (@id, @ownerSeq, @parentSeq, @name, @now, @now, @path)`,
	);
	return (args: TransferArgs & { isDeep: boolean }): BegunCopy => {
		const { ownerSeq, to, quota, now, isDeep } = args;
		const source = ends.source(args, false);
		const { parentSeq, name } = ends.target(args, 'folder');
		if (isDeep) {
			requireRoom(subtree.extent(source), to);
			if (quota) requireQuota(ownerSeq, quota, subtree.sum(source));
		}
		const id = newId('folder', now);
		const made = insert.run({ id, ownerSeq, parentSeq, name, now, path: formatPath(to) });
		const copy = Number(made.lastInsertRowid);
		copyProperties('folder', source.seq, copy);
		return { id, from: source.seq, to: copy };
	};
});

/** Where a copy of one folder goes on: files come first. */
export type CopyPosition = readonly ['file' | 'folder', string];

export interface CopiedPage {
	/** The folders that were made, empty yet. */
	folders: FolderPair[];
	next: CopyPosition | null;
}

/** Copies the next files, or the next folders, of one folder. Throws `not-found` when the copy was destroyed meanwhile. */
export const copyFolderPage = writeOperation('files.copy-folder-page', (db) => {
	const copy = prepareCopyContent(db);
	const copyProperties = prepareCopyProperties(db);
	const requireQuota = prepareRequireQuota(db);
	const isThere = db.prepare('SELECT 1 FROM folders WHERE seq = ?').pluck();
	const files = db.prepare(
		`SELECT f.seq, f.name, b.size FROM files f
		 JOIN file_versions v ON v.file_seq = f.seq AND v.number = f.version JOIN blobs b ON b.seq = v.blob_seq
		 WHERE f.owner_seq = ? AND f.folder_seq = ? AND f.trashed_at IS NULL AND f.name > ? ORDER BY f.name LIMIT ?`,
	);
	const folders = db.prepare(
		`SELECT seq, name FROM folders WHERE owner_seq = ? AND parent_seq = ? AND trashed_at IS NULL AND name > ?
		 ORDER BY name LIMIT ?`,
	);
	const insertFolder = db.prepare(
		'INSERT INTO folders (id, owner_seq, parent_seq, name, created_at) VALUES (?, ?, ?, ?, ?)',
	);
	return (args: {
		ownerSeq: number;
		/** The copy as a whole, which is never copied into itself. */
		root: number;
		pair: FolderPair;
		after: CopyPosition;
		limit: number;
		quota: Quota | null;
		now: number;
	}): CopiedPage => {
		const { ownerSeq, root, pair, limit, quota, now } = args;
		const [kind, after] = args.after;
		if (isThere.get(root) === undefined || isThere.get(pair.to) === undefined) throw destroyed();
		if (kind === 'file') {
			const rows = files.all(ownerSeq, pair.from, after, limit) as { seq: number; name: string; size: number }[];
			const bytes = rows.reduce((sum, { size }) => sum + size, 0);
			if (quota) requireQuota(ownerSeq, quota, { bytes, files: rows.length });
			for (const { seq, name } of rows) copy.asFile({ sourceSeq: seq, ownerSeq, folderSeq: pair.to, name, now });
			const last = rows.at(-1);
			return { folders: [], next: last && rows.length === limit ? ['file', last.name] : ['folder', ''] };
		}
		const rows = folders.all(ownerSeq, pair.from, after, limit) as { seq: number; name: string }[];
		const made = rows.flatMap(({ seq, name }): FolderPair[] => {
			if (seq === root) return [];
			const to = Number(insertFolder.run(newId('folder', now), ownerSeq, pair.to, name, now).lastInsertRowid);
			copyProperties('folder', seq, to);
			return [{ from: seq, to }];
		});
		const last = rows.at(-1);
		return { folders: made, next: last && rows.length === limit ? ['folder', last.name] : null };
	};
});

/** Puts a copy that is whole into its place; what is there goes into the trash. */
export const endFolderCopy = writeOperation('files.end-folder-copy', (db) => {
	const entries = prepareEntries(db);
	const ends = prepareEnds(db);
	const subtree = prepareSubtree(db);
	const trash = prepareTrashEntry(db);
	const tell = prepareTellPlaced(db);
	const audit = prepareTargetAudit(db);
	const last = prepareLastHappening(db);
	return (args: TransferArgs & { id: string }): Transferred => {
		const { ownerSeq, id, to, now } = args;
		const copy = entries.find('folder', id);
		if (!copy) throw destroyed();
		const { parentSeq, name, there } = ends.target(args, 'folder');
		requireRoom(subtree.extent(copy), to);
		const changes: FileChange[] = there ? [trash(args, there)] : [];
		const revision = entries.put(copy, parentSeq, name);
		const path = formatPath(to);
		audit({ ...args, kind: 'folder' }, 'copy', { from: formatPath(args.from), to: path });
		tell.folder({ ownerSeq, folderSeq: copy.seq, from: null, now });
		changes.push({ ownerSeq, id, revision, path, gone: false });
		return { changes, replaced: there !== null, happened: last() };
	};
});

const destroyed = () => new CodedError('not-found', 'The copy was destroyed while it was being made.');
