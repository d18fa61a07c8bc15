import type { Database } from 'better-sqlite3';
import type { FiringEvent } from '../../shared/protocol/trigger.ts';
import { readOperation, writeOperation } from '../database/operation.ts';
import { prepareLastHappening } from '../happenings/happening-store.ts';
import { LONGEST_LOCK_MS, prepareLocks } from './lock-store.ts';
import { isTemporary, liesIn } from './path-match.ts';
import { prepareTellPlaced } from './placed-store.ts';
import { childPath, formatPath, parsePath, splitPath } from './safe-path.ts';
import { prepareTree } from './tree-store.ts';

/** An empty file, or one of a temporary name, is what a client makes first: its content, or its name, is to come. */
const GRACE_MS = 60_000;
/** What is in the trash is looked at again so late; whoever restores it does not wait for that. */
const IN_TRASH_MS = 3_600_000;
/** So soon a file is looked at again whose next content is on its way. */
const UNDER_WAY_MS = 5_000;

/** Nothing waits longer at once: what says so has waited since before the clock was set back. */
const LONGEST_WAIT_MS = Math.max(IN_TRASH_MS, LONGEST_LOCK_MS);
const IS_DUE = `(u.due_at <= @now OR u.due_at > @now + ${LONGEST_WAIT_MS})`;

/** What an upload would start that has come and waits. */
export interface Unsettled {
	/** Of the version, or the first of the versions, that came while it waited. */
	event: Exclude<FiringEvent, 'access'>;
	/** What the first bytes of the newest one say; null: they say nothing, or were not looked at. */
	mediaType: string | null;
	isSniffed: boolean;
	/** The path that it was moved from; null: none that counts, so that whatever is for its name may be started. */
	from: string | null;
}

/** A version that has come to a name: through the drive, or by a move or copy. */
interface Arrival extends Unsettled {
	ownerSeq: number;
	fileSeq: number;
	names: readonly string[];
	size: number;
	now: number;
}

const COLUMNS = 'u.event, u.media_type AS mediaType, u.is_sniffed AS isSniffed, u.came_from AS "from"';
type Kept = Omit<Unsettled, 'isSniffed'> & { isSniffed: 0 | 1 };

interface Row {
	fileSeq: number;
	folderSeq: number;
	name: string;
	size: number;
	/** When the newest version came. */
	cameAt: number;
	trashedAt: number | null;
}

const ROWS = `SELECT u.file_seq AS fileSeq, f.folder_seq AS folderSeq, f.name, b.size, v.created_at AS cameAt,
	f.trashed_at AS trashedAt
	FROM unsettled_files u JOIN files f ON f.seq = u.file_seq
	JOIN file_versions v ON v.file_seq = f.seq AND v.number = f.version JOIN blobs b ON b.seq = v.blob_seq`;

/** Files that clients of the drive are not done with, inside somebody's transaction. */
export const prepareUnsettled = (db: Database) => {
	const tree = prepareTree(db);
	const locks = prepareLocks(db);
	const put = db.prepare(
		`INSERT INTO unsettled_files (file_seq, owner_seq, event, media_type, is_sniffed, came_from, due_at)
		 VALUES (@fileSeq, @ownerSeq, @event, @mediaType, @isSniffed, @from, @dueAt)
		 ON CONFLICT (file_seq) DO UPDATE SET media_type = excluded.media_type, is_sniffed = excluded.is_sniffed,
		   came_from = excluded.came_from, due_at = excluded.due_at`,
	);
	const select = db.prepare(`SELECT ${COLUMNS} FROM unsettled_files u WHERE u.file_seq = ?`);
	const remove = db.prepare('DELETE FROM unsettled_files WHERE file_seq = ?');
	const any = db.prepare('SELECT 1 FROM unsettled_files WHERE owner_seq = ? LIMIT 1').pluck();
	const rowAt = db.prepare(
		`${ROWS} WHERE f.owner_seq = ? AND f.folder_seq = ? AND f.name = ? AND f.trashed_at IS NULL`,
	);
	const rowsOf = db.prepare(`${ROWS} WHERE u.owner_seq = ? AND f.trashed_at IS NULL`);
	const setDue = db.prepare('UPDATE unsettled_files SET due_at = ? WHERE file_seq = ?');

	const find = (fileSeq: number): Unsettled | null => {
		const row = select.get(fileSeq) as Kept | undefined;
		return row ? { ...row, isSniffed: row.isSniffed === 1 } : null;
	};

	/** At once, unless it is one of those that have to wait in any case. */
	const settle = ({ fileSeq, size, cameAt }: Row, path: string, now: number): void => {
		setDue.run(size === 0 || isTemporary(path) ? Math.max(now, cameAt + GRACE_MS) : now, fileSeq);
	};

	return {
		/**
		 * What it counts as now that it has come; null: that is noted, because a client may not be done with it. What came
		 * while it waited counts with it: a file whose first content this is, is new.
		 */
		arrive(arrival: Arrival): Unsettled['event'] | null {
			const { fileSeq, event } = arrival;
			return this.wait(arrival) ? null : (this.take(fileSeq)?.event ?? event);
		},

		/** Notes it unless its client is done with it, as far as one can tell. False: it is. */
		wait({ names, size, now, ...arrival }: Arrival): boolean {
			const { ownerSeq } = arrival;
			const heldUntil = locks.heldUntil({ ownerSeq, names, now });
			const graceUntil = size === 0 || isTemporary(formatPath(names)) ? now + GRACE_MS : null;
			if (heldUntil === null && graceUntil === null) return false;
			const isSniffed = arrival.isSniffed ? 1 : 0;
			put.run({ ...arrival, isSniffed, dueAt: Math.max(heldUntil ?? 0, graceUntil ?? 0) });
			return true;
		},

		/** Null: it does not wait. */
		find,

		/** Ends a wait; null: there was none. */
		take(fileSeq: number): Unsettled | null {
			const row = find(fileSeq);
			if (row) remove.run(fileSeq);
			return row;
		},

		/** Nobody holds any more what is at the path or below it: it is looked at now. */
		letSettle(ownerSeq: number, names: readonly string[], now: number): void {
			// Almost always there is none.
			if (any.get(ownerSeq) === undefined) return;
			const path = formatPath(names);
			if (names.length > 0) {
				const { folder, name } = splitPath(names);
				const folderSeq = tree.findFolder(ownerSeq, folder);
				if (folderSeq === null) return;
				const row = rowAt.get(ownerSeq, folderSeq, name) as Row | undefined;
				if (row) settle(row, path, now);
				if (row || tree.takenBy(ownerSeq, folderSeq, name) !== 'folder') return;
			}
			const places = new Map<number, string | null>();
			for (const row of rowsOf.all(ownerSeq) as Row[]) {
				if (!places.has(row.folderSeq)) {
					const place = tree.placeOf(row.folderSeq);
					places.set(row.folderSeq, place?.trashedAt === null ? place.path : null);
				}
				const folder = places.get(row.folderSeq) ?? null;
				const own = folder === null ? null : childPath(folder, row.name);
				if (own !== null && liesIn(own, path, true)) settle(row, own, now);
			}
		},
	};
};

/** A file whose time has come. */
export interface DueFile {
	fileSeq: number;
	ownerSeq: number;
	path: string;
}

/** The first that are due, and when the next one is (null: none is); of the latter only one when none is due. */
export const findDue = readOperation('files.find-due', (db) => {
	const tree = prepareTree(db);
	const due = db.prepare(
		`SELECT u.file_seq AS fileSeq, u.owner_seq AS ownerSeq, f.folder_seq AS folderSeq, f.name
		 FROM unsettled_files u JOIN files f ON f.seq = u.file_seq WHERE ${IS_DUE} ORDER BY u.due_at LIMIT @limit`,
	);
	const next = db.prepare('SELECT min(due_at) FROM unsettled_files').pluck();
	return ({ now, limit }: { now: number; limit: number }): { due: DueFile[]; nextAt: number | null } => {
		const rows = due.all({ now, limit }) as (DueFile & { folderSeq: number; name: string })[];
		return {
			due: rows.map(({ folderSeq, name, ...row }) => ({
				...row,
				path: childPath(tree.placeOf(folderSeq)?.path ?? '/', name),
			})),
			nextAt: next.get() as number | null,
		};
	};
});

/**
 * Tells of each of these that is due, and not held after all, that it has settled, and forgets it in the same transaction.
 * The others are due later. Gives the newest happening.
 */
export const settleDue = writeOperation('files.settle-due', (db) => {
	const tree = prepareTree(db);
	const locks = prepareLocks(db);
	const find = db.prepare(
		`SELECT u.owner_seq AS ownerSeq, ${COLUMNS}, f.folder_seq AS folderSeq, f.name, f.version,
		        f.trashed_at AS trashedAt
		 FROM unsettled_files u JOIN files f ON f.seq = u.file_seq WHERE u.file_seq = @fileSeq AND ${IS_DUE}`,
	);
	const postpone = db.prepare('UPDATE unsettled_files SET due_at = ? WHERE file_seq = ?');
	const remove = db.prepare('DELETE FROM unsettled_files WHERE file_seq = ?');
	const tell = prepareTellPlaced(db);
	const last = prepareLastHappening(db);
	type DueRow = Kept & Pick<Row, 'folderSeq' | 'name' | 'trashedAt'> & { ownerSeq: number; version: number };

	/** Null: it has settled. */
	const waitsUntil = ({ ownerSeq, folderSeq, name, trashedAt }: DueRow, isUnderWay: boolean, now: number) => {
		const folder = trashedAt === null ? tree.placeOf(folderSeq) : null;
		if (folder === null || folder.trashedAt !== null) return now + IN_TRASH_MS;
		if (isUnderWay) return now + UNDER_WAY_MS;
		return locks.heldUntil({ ownerSeq, names: parsePath(childPath(folder.path, name)), now });
	};

	return (args: { files: readonly number[]; underWay: readonly number[]; now: number }): number => {
		const { now } = args;
		const underWay = new Set(args.underWay);
		for (const fileSeq of args.files) {
			const row = find.get({ fileSeq, now }) as DueRow | undefined;
			if (!row) continue;
			const until = waitsUntil(row, underWay.has(fileSeq), now);
			if (until !== null) {
				postpone.run(until, fileSeq);
				continue;
			}
			remove.run(fileSeq);
			const { ownerSeq, event, mediaType, isSniffed, from, version } = row;
			tell.file({ ownerSeq, fileSeq, version, event, mediaType, isSniffed: isSniffed === 1, from, now });
		}
		return last();
	};
});
