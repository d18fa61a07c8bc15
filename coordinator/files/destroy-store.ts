import { writeOperation } from '../database/operation.ts';
import { prepareEntries } from './entry-store.ts';
import type { FileChange } from './file-events.ts';
import { prepareLocks } from './lock-store.ts';
import { parsePath } from './safe-path.ts';
import { prepareSubtree } from './subtree-store.ts';
import { prepareTargetAudit, requireEntry, type Target } from './target.ts';

/** Most files that one step destroys, so that other writers never wait long. */
const STEP = 2_000;

export interface DestroyStep {
	change: FileChange;
	/** False: call again; a large folder goes in steps. */
	done: boolean;
}

/**
 * Destroys for good; its blobs lose their references and are swept later. With `trashedBefore` only what has been in the
 * trash since before that instant: null when it is not there any more, or was restored meanwhile. Without, also what is
 * not in the trash: a large folder is put into it by the first step, so that it is out of sight at once, whatever
 * happens between the steps.
 */
export const destroyEntry = writeOperation('files.destroy-entry', (db) => {
	const entries = prepareEntries(db);
	const subtree = prepareSubtree(db);
	const locks = prepareLocks(db);
	const audit = prepareTargetAudit(db);
	return (args: Target & { trashedBefore: number | null }): DestroyStep | null => {
		if (args.trashedBefore !== null) {
			const trashedAt = entries.find(args.kind, args.id)?.trashedAt ?? null;
			if (trashedAt === null || trashedAt >= args.trashedBefore) return null;
		}
		const entry = requireEntry(entries, args);
		const { path, trashedAt } = entries.placeOf(entry);
		if (trashedAt === null) locks.drop(args.ownerSeq, parsePath(path));
		const change = { ownerSeq: args.ownerSeq, id: entry.id, revision: entry.revision + 1, path, gone: true };
		if (entry.kind === 'file') entries.destroyFile(entry.seq);
		else {
			if (trashedAt === null) entries.trash(entry, path, args.now);
			if (!subtree.destroyFiles(entry, STEP)) return { change, done: false };
			subtree.destroyFolders(entry);
		}
		audit(args, 'destroy', { path });
		return { change, done: true };
	};
});
