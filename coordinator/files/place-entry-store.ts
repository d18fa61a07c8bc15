import type { Database } from 'better-sqlite3';
import { CodedError } from '../../shared/coded-error.ts';
import { prepareArrive } from './arrive-store.ts';
import { type Entry, prepareEntries } from './entry-store.ts';
import type { FileChange } from './file-events.ts';
import { prepareLocks } from './lock-store.ts';
import { prepareTellPlaced } from './placed-store.ts';
import { formatPath, MAX_DEPTH, MAX_PATH_BYTES, parsePath } from './safe-path.ts';
import { prepareSubtree } from './subtree-store.ts';
import { prepareTargetAudit, type Target } from './target.ts';
import { prepareUnsettled } from './unsettled-store.ts';

/** Throws `bad-path` when what is below would get too deep or too long paths. */
export const requireRoom = (extent: { depth: number; bytes: number }, names: readonly string[]): void => {
	if (names.length + extent.depth > MAX_DEPTH || Buffer.byteLength(formatPath(names)) + extent.bytes > MAX_PATH_BYTES) {
		throw new CodedError('bad-path', 'There, paths of what is in the folder would be too deep or too long.');
	}
};

/**
 * Moves an entry to a free name inside somebody's transaction, with all that belongs to that: locks, which are on paths,
 * end; what a client was not done with may settle; triggers hear of the new name. Throws `bad-path`.
 */
export const preparePlaceEntry = (db: Database) => {
	const entries = prepareEntries(db);
	const subtree = prepareSubtree(db);
	const locks = prepareLocks(db);
	const unsettled = prepareUnsettled(db);
	const tell = prepareTellPlaced(db);
	const arrive = prepareArrive(db);
	const audit = prepareTargetAudit(db);
	return (
		by: Pick<Target, 'by' | 'now'>,
		entry: Entry,
		to: { parentSeq: number; names: readonly string[] },
	): FileChange => {
		const { ownerSeq, kind, seq, id } = entry;
		const { names, parentSeq } = to;
		const { path: from } = entries.placeOf(entry);
		const path = formatPath(names);
		if (kind === 'folder') requireRoom(subtree.extent(entry), names);
		const revision = entries.put(entry, parentSeq, names.at(-1)!);
		locks.drop(ownerSeq, parsePath(from));
		const placed = { ownerSeq, from, now: by.now };
		if (kind === 'folder') tell.folder({ ...placed, folderSeq: seq });
		// What waits goes on waiting, for what it waited for.
		else if (unsettled.find(seq) === null) {
			const { size, version } = entries.newest(seq);
			const of = { fileSeq: seq, names, size, version, event: 'upload', mediaType: null, isSniffed: false } as const;
			arrive({ ...placed, ...of });
		}
		unsettled.letSettle(ownerSeq, names, by.now);
		audit({ ...by, kind, id, ownerSeq }, 'move', { from, to: path });
		return { ownerSeq, id, revision, path, gone: false };
	};
};

/** Puts an entry into the trash inside somebody's transaction; the locks on it and below it end. */
export const prepareTrashEntry = (db: Database) => {
	const entries = prepareEntries(db);
	const locks = prepareLocks(db);
	const audit = prepareTargetAudit(db);
	return (by: Pick<Target, 'by' | 'now'>, entry: Entry): FileChange => {
		const { ownerSeq, kind, id } = entry;
		const { path } = entries.placeOf(entry);
		const revision = entries.trash(entry, path, by.now);
		locks.drop(ownerSeq, parsePath(path));
		audit({ ...by, kind, id, ownerSeq }, 'trash', { path });
		return { ownerSeq, id, revision, path, gone: true };
	};
};
