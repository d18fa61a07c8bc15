import type { Database } from 'better-sqlite3';
import { CodedError } from '../../shared/coded-error.ts';
import { INBOX, inboxName } from '../../shared/inbox-name.ts';
import { formatPath } from './safe-path.ts';
import { prepareTree } from './tree-store.ts';

/** `make`: missing folders are made · `require`: the folder has to be there, as the drive's clients expect */
export type Parents = 'make' | 'require';

/**
 * Whether something could be put into a folder. The inbox and the folders of recipes in it count as there, and are made
 * when they are first used: null. Throws `conflict` when it is missing, `not-a-folder`.
 */
export const prepareRequireParent = (db: Database): ((ownerSeq: number, names: readonly string[]) => number | null) => {
	const tree = prepareTree(db);
	const recipes = db.prepare('SELECT name FROM recipes WHERE owner_seq = ?').pluck();

	const isInbox = (ownerSeq: number, [first, second, ...deeper]: readonly string[]): boolean =>
		first === INBOX &&
		deeper.length === 0 &&
		(second === undefined || (recipes.all(ownerSeq) as string[]).some((name) => inboxName(name) === second));

	return (ownerSeq, names) => {
		const seq = tree.findFolder(ownerSeq, names);
		if (seq !== null || isInbox(ownerSeq, names)) return seq;
		const above = tree.findFolder(ownerSeq, names.slice(0, -1));
		const isFile = above !== null && tree.takenBy(ownerSeq, above, names.at(-1)!) === 'file';
		if (isFile) throw new CodedError('not-a-folder', `${formatPath(names)} is a file.`);
		throw new CodedError('conflict', `There is no folder ${formatPath(names)}; make it first.`);
	};
};

/** The folder that something is to be put into, inside the transaction that does. Throws what `prepareRequireParent` throws. */
export const prepareParent = (db: Database) => {
	const tree = prepareTree(db);
	const find = prepareRequireParent(db);
	return (ownerSeq: number, names: readonly string[], parents: Parents, now: number): number =>
		(parents === 'make' ? null : find(ownerSeq, names)) ?? tree.ensureFolder(ownerSeq, names, now);
};
