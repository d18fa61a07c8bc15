import type { Database } from 'better-sqlite3';
import { readOperation } from '../database/operation.ts';

/** A version of a file that a trigger is applied to. */
export interface AppliedFile {
	fileSeq: number;
	version: number;
}

/** What a trigger has done about a version, at whatever event; what it could not do then can be done now. */
const FIRED = `SELECT 1 FROM trigger_firings WHERE file_seq = ? AND version = ? AND trigger_seq = ? AND state <> 'skipped'`;

/** Seqs of those files for which a trigger has fired, or waits. */
export const readFiredBefore = readOperation('recipes.read-fired-before', (db) => {
	const fired = db.prepare(FIRED).pluck();
	return (args: { triggerSeq: number; files: readonly AppliedFile[] }): number[] =>
		args.files.flatMap(({ fileSeq, version }) =>
			fired.get(fileSeq, version, args.triggerSeq) === undefined ? [] : [fileSeq],
		);
});

/**
 * Notes, in the transaction that makes the tasks, that a trigger fires for a version that was there already. False: it has
 * fired for it before, and must not once more unless `again`.
 */
export const prepareApply = (
	db: Database,
): ((apply: AppliedFile & { triggerSeq: number; tasks: number; again: boolean; now: number }) => boolean) => {
	const fired = db.prepare(FIRED).pluck();
	const note = db.prepare(
		`INSERT INTO trigger_firings (trigger_seq, file_seq, version, event, state, tasks, at)
		 VALUES (@triggerSeq, @fileSeq, @version, @event, 'fired', @tasks, @now)
		 ON CONFLICT (file_seq, version, event, trigger_seq)
		 DO UPDATE SET state = 'fired', reason = NULL, waiting = NULL, tasks = tasks + @tasks, at = @now`,
	);
	return ({ again, ...apply }) => {
		const { fileSeq, version, triggerSeq } = apply;
		if (!again && fired.get(fileSeq, version, triggerSeq) !== undefined) return false;
		note.run({ ...apply, event: version === 1 ? 'upload' : 'update' });
		return true;
	};
};
