import { CodedError } from '../../shared/coded-error.ts';
import { readOperation, writeOperation } from '../database/operation.ts';
import { type Entry, type EntryKind, prepareEntries } from './entry-store.ts';
import type { FileChange } from './file-events.ts';
import { freeName } from './free-name.ts';
import { formatPath, MAX_DEPTH, MAX_PATH_BYTES, parsePath, splitPath } from './safe-path.ts';
import { prepareSubtree } from './subtree-store.ts';
import { prepareTargetAudit, requireEntry, type Target } from './target.ts';

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

/** Moves or renames; null when it is there already. */
export const moveEntry = writeOperation('files.move-entry', (db) => {
	const entries = prepareEntries(db);
	const { tree } = entries;
	const subtree = prepareSubtree(db);
	const audit = prepareTargetAudit(db);
	return (args: Target & { names: string[] }): FileChange | null => {
		const entry = requireEntry(entries, args);
		const { path: from, trashedAt } = entries.placeOf(entry);
		if (trashedAt !== null) throw new CodedError('wrong-state', 'It is in the trash; restore it first.');
		const path = formatPath(args.names);
		if (path === from) return null;
		if (entry.kind === 'folder' && path.startsWith(`${from}/`)) {
			throw new CodedError('conflict', 'A folder cannot be moved into itself.');
		}
		const { folder, name } = splitPath(args.names);
		const parentSeq = tree.ensureFolder(args.ownerSeq, folder, args.now);
		if (tree.takenBy(args.ownerSeq, parentSeq, name) !== null) {
			throw new CodedError('name-taken', `There is something at ${path} already.`);
		}
		if (entry.kind === 'folder') requireRoom(subtree.extent(entry), args.names);
		const revision = entries.put(entry, parentSeq, name);
		audit(args, 'move', { from, to: path });
		return { ownerSeq: args.ownerSeq, id: entry.id, revision, path, gone: false };
	};
});

/** Puts into the trash; null when it is there already. */
export const trashEntry = writeOperation('files.trash-entry', (db) => {
	const entries = prepareEntries(db);
	const audit = prepareTargetAudit(db);
	return (args: Target): FileChange | null => {
		const entry = requireEntry(entries, args);
		const { path, trashedAt } = entries.placeOf(entry);
		if (trashedAt !== null) return null;
		const revision = entries.trash(entry, path, args.now);
		audit(args, 'trash', { path });
		return { ownerSeq: args.ownerSeq, id: entry.id, revision, path, gone: true };
	};
});

/** Takes out of the trash to where it was, with folders that are missing by now; null when it is not in the trash. */
export const restoreEntry = writeOperation('files.restore-entry', (db) => {
	const entries = prepareEntries(db);
	const { tree } = entries;
	const subtree = prepareSubtree(db);
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
		audit(args, 'restore', { path });
		return { ownerSeq: args.ownerSeq, id: entry.id, revision, path, gone: false };
	};
});

/** Throws `bad-path` when what is below would get too deep or too long paths. */
const requireRoom = (extent: { depth: number; bytes: number }, names: readonly string[]): void => {
	if (names.length + extent.depth > MAX_DEPTH || Buffer.byteLength(formatPath(names)) + extent.bytes > MAX_PATH_BYTES) {
		throw new CodedError('bad-path', 'There, paths of what is in the folder would be too deep or too long.');
	}
};
