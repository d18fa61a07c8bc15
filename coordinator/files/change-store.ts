import { CodedError } from '../../shared/coded-error.ts';
import { readOperation, writeOperation } from '../database/operation.ts';
import { prepareLastHappening } from '../happenings/happening-store.ts';
import { type Entry, type EntryKind, prepareEntries } from './entry-store.ts';
import type { FileChange } from './file-events.ts';
import { freeName } from './free-name.ts';
import { preparePlaceEntry, prepareTrashEntry, requireRoom } from './place-entry-store.ts';
import { formatPath, parsePath, splitPath } from './safe-path.ts';
import { prepareSubtree } from './subtree-store.ts';
import { prepareTargetAudit, requireEntry, type Target } from './target.ts';
import { prepareUnsettled } from './unsettled-store.ts';

export interface FoundEntry extends Entry {
	/** Where it is, or was when it was put into the trash. */
	path: string;
	/** It, or a folder above it, is in the trash. */
	inTrash: boolean;
}

export const findEntry = readOperation('files.find-entry', (db) => {
	const entries = prepareEntries(db);
	return ({ kind, id }: { kind: EntryKind; id: string }): FoundEntry | null => {
		const entry = entries.find(kind, id);
		if (!entry) return null;
		const place = entries.placeOf(entry);
		return { ...entry, path: place.path, inTrash: place.trashedAt !== null };
	};
});

/** A change, and which happening is the newest after it. */
export interface Changed {
	/** Null: it was so already. */
	change: FileChange | null;
	happened: number;
}

/** Moves or renames. */
export const moveEntry = writeOperation('files.move-entry', (db) => {
	const entries = prepareEntries(db);
	const { tree } = entries;
	const place = preparePlaceEntry(db);
	const last = prepareLastHappening(db);
	return (args: Target & { names: string[] }): Changed => {
		const entry = requireEntry(entries, args);
		const { path: from, trashedAt } = entries.placeOf(entry);
		if (trashedAt !== null) throw new CodedError('wrong-state', 'It is in the trash; restore it first.');
		const path = formatPath(args.names);
		if (path === from) return { change: null, happened: 0 };
		if (entry.kind === 'folder' && path.startsWith(`${from}/`)) {
			throw new CodedError('conflict', 'A folder cannot be moved into itself.');
		}
		const { folder, name } = splitPath(args.names);
		const parentSeq = tree.ensureFolder(args.ownerSeq, folder, args.now);
		if (tree.takenBy(args.ownerSeq, parentSeq, name) !== null) {
			throw new CodedError('name-taken', `There is something at ${path} already.`);
		}
		return { change: place(args, entry, { parentSeq, names: args.names }), happened: last() };
	};
});

/** Puts into the trash; null when it is there already. */
export const trashEntry = writeOperation('files.trash-entry', (db) => {
	const entries = prepareEntries(db);
	const trash = prepareTrashEntry(db);
	return (args: Target): FileChange | null => {
		const entry = requireEntry(entries, args);
		return entries.placeOf(entry).trashedAt === null ? trash(args, entry) : null;
	};
});

/** Takes out of the trash to where it was, with folders that are missing by now; null when it is not in the trash. */
export const restoreEntry = writeOperation('files.restore-entry', (db) => {
	const entries = prepareEntries(db);
	const { tree } = entries;
	const subtree = prepareSubtree(db);
	const unsettled = prepareUnsettled(db);
	const audit = prepareTargetAudit(db);
	/** `rename`: under a free name when the old one is taken, instead of `name-taken`. */
	return (args: Target & { rename: boolean }): FileChange | null => {
		const entry = requireEntry(entries, args);
		if (entry.trashedFrom === null) {
			if (entries.placeOf(entry).trashedAt === null) return null;
			throw new CodedError('wrong-state', 'It is in the trash with its folder; restore the folder.');
		}
		const { folder, name } = splitPath(parsePath(entry.trashedFrom));
		const parentSeq = tree.ensureFolder(args.ownerSeq, folder, args.now);
		const isTaken = (wanted: string): boolean => tree.takenBy(args.ownerSeq, parentSeq, wanted) !== null;
		if (isTaken(name) && !args.rename) {
			throw new CodedError('name-taken', `There is something at ${entry.trashedFrom} already.`);
		}
		const names = [...folder, isTaken(name) ? freeName(name, isTaken) : name];
		requireRoom(entry.kind === 'folder' ? subtree.extent(entry) : { depth: 0, bytes: 0 }, names);
		const path = formatPath(names);
		const revision = entries.put(entry, parentSeq, names.at(-1)!);
		unsettled.letSettle(args.ownerSeq, names, args.now);
		audit(args, 'restore', { path });
		return { ownerSeq: args.ownerSeq, id: entry.id, revision, path, gone: false };
	};
});
