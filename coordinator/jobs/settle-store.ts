import { writeOperation } from '../database/operation.ts';
import { prepareReferBlob } from '../files/blob-row-store.ts';
import { type NewFacts, prepareFileFacts } from '../files/facts-store.ts';
import type { FileChange } from '../files/file-events.ts';
import { prepareSettle, type SettleItem, type SettleOutcome } from '../queue/lease-store.ts';

export interface SettledOutput {
	name: string;
	sha256: string;
	size: number;
	mediaType: string;
}

/** What an ending brings beside itself. */
export interface Effects {
	outputs: SettledOutput[];
	/** Facts for the file version that the task was run on. */
	file: NewFacts | null;
}

/** Ends attempts that bring nothing but themselves: many in one call. */
export const settlePlain = writeOperation('jobs.settle-plain', (db) => {
	const settle = prepareSettle(db);
	return (items: SettleItem[]): (SettleOutcome | null)[] => items.map(settle);
});

/** Ends one attempt together with its outputs and what it tells about its file. */
export const settleWithEffects = writeOperation('jobs.settle-with-effects', (db) => {
	const settle = prepareSettle(db);
	const refer = prepareReferBlob(db);
	const record = prepareFileFacts(db);
	const insertOutput = db.prepare(
		'INSERT INTO task_outputs (task_seq, name, blob_seq, media_type) VALUES (?, ?, ?, ?)',
	);
	return (args: { item: SettleItem; effects: Effects }): { outcome: SettleOutcome | null; file: FileChange | null } => {
		const outcome = settle(args.item);
		// A cancelled task leaves nothing behind, whatever its last attempt came to.
		if (outcome?.state !== 'succeeded') return { outcome, file: null };
		for (const { name, sha256, size, mediaType } of args.effects.outputs) {
			insertOutput.run(args.item.seq, name, refer(sha256, size), mediaType);
		}
		return { outcome, file: args.effects.file ? record(args.effects.file, args.item.finishedAt) : null };
	};
});
