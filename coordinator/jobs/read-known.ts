import type { Ledger } from '../database/ledger.ts';
import { readFiredBefore } from '../recipes/apply-store.ts';
import { readMadeBy } from '../results/made-by-store.ts';
import { ownSecrets } from '../secrets/secret-store.ts';
import type { StoredWish } from './job-tasks.ts';
import type { SelectionPage } from './selections.ts';

/** What must be known beside a page before tasks are made of it. */
export interface Known {
	/** Seqs of those files to which the trigger that is applied has been applied already. */
	done: ReadonlySet<number>;
	/** Seqs of those files that the recipe has made itself, unless they are named one by one. */
	own: ReadonlySet<number>;
	/** Seqs of those files that some task has made, where a trigger is applied that is not for results. */
	results: ReadonlySet<number>;
	/** Ids of those secrets that the wish names and its owner still has. */
	secrets: ReadonlySet<string>;
}

export const readKnown = async (
	ledger: Ledger,
	{ ownerSeq, triggerSeq }: { ownerSeq: number; triggerSeq: number | null },
	{ applied, steps, recipe, over }: StoredWish,
	page: SelectionPage | null,
): Promise<Known> => {
	const ids = steps.flatMap(({ secrets }) => Object.values(secrets ?? {}));
	const secrets = ids.length === 0 ? [] : await ledger.read(ownSecrets, { ownerSeq, ids });
	const done = await doneOf(ledger, triggerSeq, applied, page);
	const isWalk = recipe !== null && over !== undefined && 'folder' in over;
	const madeBy = (maker: string | null) => ledger.read(readMadeBy, { recipe: maker, files: versionsOf(page) });
	const own = isWalk ? await madeBy(recipe) : [];
	const results = applied && !applied.includeResults ? await madeBy(null) : [];
	return { secrets: new Set(secrets), done: new Set(done), own: new Set(own), results: new Set(results) };
};

const versionsOf = (page: SelectionPage | null): { fileSeq: number; version: number }[] =>
	(page?.files ?? []).flatMap((file) =>
		file && file.fileSeq !== null ? [{ fileSeq: file.fileSeq, version: file.version }] : [],
	);

const doneOf = async (
	ledger: Ledger,
	triggerSeq: number | null,
	applied: StoredWish['applied'],
	page: SelectionPage | null,
): Promise<number[]> => {
	if (triggerSeq === null || !applied || applied.again || !page) return [];
	return ledger.read(readFiredBefore, { triggerSeq, files: versionsOf(page) });
};
