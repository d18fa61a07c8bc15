import type { Ledger } from '../database/ledger.ts';
import { readFiredBefore } from '../recipes/apply-store.ts';
import type { StoredWish } from './job-tasks.ts';
import type { Found } from './selections.ts';

/** Seqs of those files that a trigger which is applied has been applied to already; none for other wishes. */
export const readDone = async (
	ledger: Ledger,
	triggerSeq: number | null,
	{ applied }: StoredWish,
	files: readonly (Found | null)[] | null,
): Promise<ReadonlySet<number>> => {
	if (triggerSeq === null || !applied || applied.again || !files) return new Set();
	const there = files.flatMap((file) =>
		file && file.fileSeq !== null ? [{ fileSeq: file.fileSeq, version: file.version }] : [],
	);
	return new Set(await ledger.read(readFiredBefore, { triggerSeq, files: there }));
};
