import type { Database } from 'better-sqlite3';
import { CodedError } from '../../shared/coded-error.ts';
import { writeOperation } from '../database/operation.ts';
import { prepareLastHappening } from '../happenings/happening-store.ts';
import { prepareArrive } from './arrive-store.ts';
import { type Condition, requireCondition } from './condition.ts';
import { prepareCopyContent } from './copy-content-store.ts';
import { type Entry, prepareEntries } from './entry-store.ts';
import type { FileChange } from './file-events.ts';
import { prepareLocks } from './lock-store.ts';
import { prepareParent } from './parent-store.ts';
import { preparePlaceEntry, prepareTrashEntry } from './place-entry-store.ts';
import { prepareRequireQuota, type Quota } from './quota-store.ts';
import { formatPath, splitPath } from './safe-path.ts';
import { prepareTargetAudit, type Target } from './target.ts';
import { prepareUnsettled } from './unsettled-store.ts';

/** From one path to another, as the drive's clients ask for it. */
export interface TransferArgs extends Pick<Target, 'ownerSeq' | 'by' | 'now'> {
	from: string[];
	to: string[];
	/** Of the locks that the client holds. */
	tokens: readonly string[];
	/** What is there may be replaced. */
	overwrite: boolean;
	/** Of the source when it is a file; none unless told. */
	condition?: Condition;
	/** What the owner's class gives; null: no limit. */
	quota: Quota | null;
}

export interface Transferred {
	changes: FileChange[];
	/** Something was there. */
	replaced: boolean;
	/** The newest happening there is. */
	happened: number;
}

/** What is at both ends, inside somebody's transaction. Throws what is against a transfer. */
export const prepareEnds = (db: Database) => {
	const entries = prepareEntries(db);
	const parentOf = prepareParent(db);
	const locks = prepareLocks(db);
	return {
		source({ ownerSeq, from, tokens, condition, now }: TransferArgs, isTakenAway: boolean): Entry {
			const source = entries.at(ownerSeq, from);
			if (!source) throw new CodedError('not-found', `There is nothing at ${formatPath(from)}.`);
			if (condition && source.kind === 'file') requireCondition(condition, entries.newest(source.seq).sha256);
			const reach = { isMember: true, isDeep: source.kind === 'folder' };
			if (isTakenAway) locks.require({ ownerSeq, names: from, now }, tokens, reach);
			return source;
		},
		target({ ownerSeq, to, tokens, overwrite, now }: TransferArgs, kind: Entry['kind']) {
			const { folder, name } = splitPath(to);
			const parentSeq = parentOf(ownerSeq, folder, 'require', now);
			const there = entries.at(ownerSeq, to);
			if (there && !overwrite) {
				throw new CodedError('precondition-failed', `There is something at ${formatPath(to)} already.`);
			}
			const isVersion = there?.kind === 'file' && kind === 'file';
			const reach = { isMember: !isVersion, isDeep: there?.kind === 'folder' };
			locks.require({ ownerSeq, names: to, now }, tokens, reach);
			return { parentSeq, name, there };
		},
	};
};

/** What is known of a source by its first bytes: only while it waits. What it is called, and who holds it, is its own matter. */
const prepareSniffed = (db: Database) => {
	const unsettled = prepareUnsettled(db);
	return (fileSeq: number): { mediaType: string | null; isSniffed: boolean } => {
		const { mediaType = null, isSniffed = false } = unsettled.find(fileSeq) ?? {};
		return { mediaType, isSniffed };
	};
};

/** Makes the source's content the next version of the file that is there: that keeps its id, its history and what is shared. */
const prepareReplace = (db: Database) => {
	const copy = prepareCopyContent(db);
	const requireQuota = prepareRequireQuota(db);
	const { newest } = prepareEntries(db);
	const arrive = prepareArrive(db);
	const sniffedOf = prepareSniffed(db);
	const audit = prepareTargetAudit(db);
	return (args: TransferArgs, source: Entry, there: Entry, how: 'copy' | 'move'): FileChange => {
		const { ownerSeq, quota, now } = args;
		const { size, version: versions } = newest(source.seq);
		// A move of a file with one version takes as much as it gives back.
		const isMore = how === 'copy' || versions > 1;
		if (quota && isMore) requireQuota(ownerSeq, quota, { bytes: size, files: 0 });
		const of = { ownerSeq, fileSeq: there.seq, now };
		const sniffed = sniffedOf(source.seq);
		const version = copy.asVersion({ ...of, sourceSeq: source.seq, isMoved: how === 'move' });
		arrive({ ...of, ...sniffed, names: args.to, size, version, event: 'update', from: null });
		const path = formatPath(args.to);
		audit({ ...args, kind: 'file', id: there.id }, how, { from: formatPath(args.from), to: path, source: source.id });
		return { ownerSeq, id: there.id, revision: there.revision + 1, path, gone: false };
	};
};

/** Moves; a file onto a file becomes its next version, whatever else is there goes into the trash. */
export const moveAt = writeOperation('files.move-at', (db) => {
	const ends = prepareEnds(db);
	const replace = prepareReplace(db);
	const place = preparePlaceEntry(db);
	const trash = prepareTrashEntry(db);
	const entries = prepareEntries(db);
	const locks = prepareLocks(db);
	const last = prepareLastHappening(db);
	return (args: TransferArgs): Transferred => {
		const source = ends.source(args, true);
		const { parentSeq, there } = ends.target(args, source.kind);
		const changes: FileChange[] = [];
		if (there?.kind === 'file' && source.kind === 'file') {
			changes.push(replace(args, source, there, 'move'));
			if (entries.newest(source.seq).version > 1) changes.push(trash(args, source));
			else {
				// Its content and its properties are those of the other now: nothing is lost with its row.
				entries.destroyFile(source.seq);
				locks.drop(args.ownerSeq, args.from);
				const { ownerSeq, id, revision } = source;
				changes.push({ ownerSeq, id, revision: revision + 1, path: formatPath(args.from), gone: true });
			}
		} else {
			if (there) changes.push(trash(args, there));
			changes.push(place(args, source, { parentSeq, names: args.to }));
		}
		return { changes, replaced: there !== null, happened: last() };
	};
});

/** Copies a file; onto a file it becomes its next version, a folder there goes into the trash. Null: it is a folder. */
export const copyFileAt = writeOperation('files.copy-file-at', (db) => {
	const ends = prepareEnds(db);
	const replace = prepareReplace(db);
	const trash = prepareTrashEntry(db);
	const copy = prepareCopyContent(db);
	const requireQuota = prepareRequireQuota(db);
	const { newest } = prepareEntries(db);
	const arrive = prepareArrive(db);
	const sniffedOf = prepareSniffed(db);
	const audit = prepareTargetAudit(db);
	const last = prepareLastHappening(db);
	return (args: TransferArgs): Transferred | null => {
		const { ownerSeq, quota, now } = args;
		const source = ends.source(args, false);
		if (source.kind === 'folder') return null;
		const { parentSeq, name, there } = ends.target(args, 'file');
		const changes: FileChange[] = [];
		if (there?.kind === 'file') changes.push(replace(args, source, there, 'copy'));
		else {
			const { size } = newest(source.seq);
			if (quota) requireQuota(ownerSeq, quota, { bytes: size, files: 1 });
			if (there) changes.push(trash(args, there));
			const { fileSeq, id } = copy.asFile({ sourceSeq: source.seq, ownerSeq, folderSeq: parentSeq, name, now });
			const of = { ownerSeq, fileSeq, names: args.to, size, version: 1, now };
			arrive({ ...of, ...sniffedOf(source.seq), event: 'upload', from: null });
			const path = formatPath(args.to);
			audit({ ...args, kind: 'file', id }, 'copy', { from: formatPath(args.from), to: path, source: source.id });
			changes.push({ ownerSeq, id, revision: 1, path, gone: false });
		}
		return { changes, replaced: there !== null, happened: last() };
	};
});
