import { writeOperation } from '../database/operation.ts';
import { prepareReferBlob } from '../files/blob-row-store.ts';
import { type NewFacts, prepareFileFacts } from '../files/facts-store.ts';
import type { FileChange } from '../files/file-events.ts';
import type { Quota } from '../files/quota-store.ts';
import { prepareLastHappening } from '../happenings/happening-store.ts';
import { prepareSettle, type SettleItem, type SettleOutcome } from '../queue/lease-store.ts';
import { prepareReadOrigin } from '../queue/task-origin-store.ts';
import type { Brought } from '../source-runs/item-line.ts';
import { prepareAfterSuccess } from './after-success.ts';

export interface SettledOutput {
	name: string;
	sha256: string;
	size: number;
	mediaType: string;
	/** What its first bytes say that it is; null when they do not say. */
	sniffed: string | null;
}

/** What an ending brings beside itself. */
export interface Effects {
	outputs: SettledOutput[];
	/** Facts for the file version that the task was run on. */
	file: NewFacts | null;
	/** What the owner's class gives for files; null: no limit. */
	quota: Quota | null;
	/** Of a run of a source: what it has brought, as it was counted here, and the most that it was to bring. */
	source: (Brought & { most: number | null }) | null;
}

export interface SettledWithEffects {
	outcome: SettleOutcome | null;
	files: FileChange[];
	/** The newest happening there is. */
	happened: number;
}

/** Ends attempts that bring nothing but themselves: many in one call. */
export const settlePlain = writeOperation('jobs.settle-plain', (db) => {
	const settle = prepareSettle(db);
	const lastHappening = prepareLastHappening(db);
	return (items: SettleItem[]): { outcomes: (SettleOutcome | null)[]; happened: number } => ({
		outcomes: items.map(settle),
		happened: lastHappening(),
	});
});

/** Ends one attempt together with its outputs and what it tells about its file. */
export const settleWithEffects = writeOperation('jobs.settle-with-effects', (db) => {
	const settle = prepareSettle(db);
	const refer = prepareReferBlob(db);
	const record = prepareFileFacts(db);
	const insertOutput = db.prepare(
		'INSERT INTO task_outputs (task_seq, name, blob_seq, media_type) VALUES (?, ?, ?, ?)',
	);
	const originOf = prepareReadOrigin(db);
	const afterSuccess = prepareAfterSuccess(db);
	const lastHappening = prepareLastHappening(db);
	return (args: { item: SettleItem; effects: Effects }): SettledWithEffects => {
		const outcome = settle(args.item);
		// A cancelled task leaves nothing behind, whatever its last attempt came to.
		if (outcome?.state !== 'succeeded') return { outcome, files: [], happened: lastHappening() };
		for (const { name, sha256, size, mediaType } of args.effects.outputs) {
			insertOutput.run(args.item.seq, name, refer(sha256, size), mediaType);
		}
		const file = args.effects.file ? record(args.effects.file, args.item.finishedAt) : null;
		const files = file ? [file] : [];
		afterSuccess({ ...args, origin: originOf(args.item.seq), changes: files });
		return { outcome, files, happened: lastHappening() };
	};
});
