import { CodedError } from '../../shared/coded-error.ts';
import { writeOperation } from '../database/operation.ts';
import { type Condition, requireCondition } from './condition.ts';
import { prepareEntries } from './entry-store.ts';
import type { FileChange } from './file-events.ts';
import { prepareLocks } from './lock-store.ts';
import { prepareParent } from './parent-store.ts';
import { isClutter } from './path-match.ts';
import { prepareTrashEntry } from './place-entry-store.ts';
import { formatPath, splitPath } from './safe-path.ts';
import { prepareTargetAudit, type Target } from './target.ts';
import { prepareUnsettled } from './unsettled-store.ts';

/** A change of what is at a path, as the drive's clients ask for it. */
export interface PathArgs extends Pick<Target, 'ownerSeq' | 'by' | 'now'> {
	names: string[];
	/** Of the locks that the client holds. */
	tokens: readonly string[];
}

/**
 * Takes away what is at a path: into the trash, but for what nobody would look for there, which is what programs leave
 * beside files, and the empty file that a client makes first. Throws `not-found`, `locked`, `precondition-failed`.
 */
export const removeAt = writeOperation('files.remove-at', (db) => {
	const entries = prepareEntries(db);
	const locks = prepareLocks(db);
	const unsettled = prepareUnsettled(db);
	const trash = prepareTrashEntry(db);
	const audit = prepareTargetAudit(db);
	return (args: PathArgs & { condition: Condition }): FileChange => {
		const { ownerSeq, names, now, tokens, condition } = args;
		const entry = entries.at(ownerSeq, names);
		if (!entry) throw new CodedError('not-found', `There is nothing at ${formatPath(names)}.`);
		const file = entry.kind === 'file' ? entries.newest(entry.seq) : null;
		if (file) requireCondition(condition, file.sha256);
		locks.require({ ownerSeq, names, now }, tokens, { isMember: true, isDeep: file === null });
		const isNothing =
			file !== null &&
			(isClutter(entry.name) || (file.size === 0 && file.version === 1 && unsettled.find(entry.seq) !== null));
		if (!isNothing) return trash(args, entry);
		entries.destroyFile(entry.seq);
		locks.drop(ownerSeq, names);
		const path = formatPath(names);
		audit({ ...args, kind: 'file', id: entry.id }, 'destroy', { path });
		return { ownerSeq, id: entry.id, revision: entry.revision + 1, path, gone: true };
	};
});

/** Makes one folder. Throws `name-taken`, `conflict` when the one above is missing, `locked`. */
export const makeFolderAt = writeOperation('files.make-folder-at', (db) => {
	const entries = prepareEntries(db);
	const parentOf = prepareParent(db);
	const locks = prepareLocks(db);
	return ({ ownerSeq, names, tokens, now }: Omit<PathArgs, 'by'>): FileChange => {
		const { folder } = splitPath(names);
		parentOf(ownerSeq, folder, 'require', now);
		const path = formatPath(names);
		if (entries.at(ownerSeq, names)) throw new CodedError('name-taken', `There is something at ${path} already.`);
		locks.require({ ownerSeq, names, now }, tokens, { isMember: true });
		entries.tree.ensureFolder(ownerSeq, names, now);
		const { id, revision } = entries.at(ownerSeq, names)!;
		return { ownerSeq, id, revision, path, gone: false };
	};
});
