import type { Database } from 'better-sqlite3';
import type { Json } from '../../shared/protocol/json.ts';
import { readOperation } from '../database/operation.ts';

/** What can still be to follow from something that was committed. */
export type HappeningKind =
	/** `ref`: seq of the job. */
	| 'job.ended'
	| 'job.hungry'
	| 'schedule.job-ended'
	/** `ref`: seq of the schedule. */
	| 'schedule.paused'
	/** `ref`: seq of the task. */
	| 'task.ended'
	| 'source.failed'
	/** `ref`: seq of the source. */
	| 'source.stopped'
	/** `ref`: seq of the budget; detail: what is told of it. */
	| 'budget.told'
	/** `ref`: seq of the file; detail: its version. */
	| 'trigger.typed'
	| 'file.filed'
	| 'file.placed'
	| 'file.unfiled'
	/** `ref`: seq of the folder. */
	| 'folder.placed';

export interface Happening {
	seq: number;
	at: number;
	kind: HappeningKind;
	ownerSeq: number;
	ref: number | null;
	detail: Json;
}

/** Writes down, in somebody's transaction, that something is to follow from it. */
export const prepareHappening = (db: Database): ((happening: Omit<Happening, 'seq'>) => void) => {
	const insert = db.prepare('INSERT INTO happenings (at, kind, owner_seq, ref, detail) VALUES (?, ?, ?, ?, ?)');
	return ({ at, kind, ownerSeq, ref, detail }) => {
		insert.run(at, kind, ownerSeq, ref, detail === null ? null : JSON.stringify(detail));
	};
};

/**
 * Deletes a happening in the transaction that does what follows from it. False: it was done already, and must not be
 * done again.
 */
export const prepareDropHappening = (db: Database): ((seq: number) => boolean) => {
	const drop = db.prepare('DELETE FROM happenings WHERE seq = ?');
	return (seq) => drop.run(seq).changes === 1;
};

/** The number of the newest happening there ever was, 0 before the first: read in the transaction that may have written some. */
export const prepareLastHappening = (db: Database): (() => number) => {
	const last = db.prepare(`SELECT seq FROM sqlite_sequence WHERE name = 'happenings'`).pluck();
	return () => (last.get() as number | undefined) ?? 0;
};

type Row = Omit<Happening, 'detail'> & { detail: string | null };

/** The oldest of each of these kinds. */
export const readHappenings = readOperation('happenings.read', (db) => {
	const select = db.prepare(
		`SELECT seq, at, kind, owner_seq AS ownerSeq, ref, detail FROM happenings WHERE kind = ? ORDER BY seq LIMIT ?`,
	);
	return (args: { kinds: readonly HappeningKind[]; limit: number }): Happening[] =>
		args.kinds.flatMap((kind) =>
			(select.all(kind, args.limit) as Row[]).map((row) => ({
				...row,
				detail: row.detail === null ? null : (JSON.parse(row.detail) as Json),
			})),
		);
});

/** All SQL of this room. */
export const HAPPENING_OPERATIONS = [readHappenings];
