import { SYSTEM } from '../audit/doer.ts';
import { writeOperation } from '../database/operation.ts';
import { type Happening, prepareDropHappening } from '../happenings/happening-store.ts';
import { type EndedAttempt, mayHaveRead, reasonToStop } from './failure-rules.ts';
import { prepareStopSource } from './stop-store.ts';
import { prepareEndRun, prepareOpenRun } from './use-store.ts';

/** Of one task; the first ones tell enough. */
const MOST_ATTEMPTS = 100;

interface FailedTask {
	state: string;
	errorCode: string | null;
	errorMessage: string | null;
}

/**
 * What follows from runs that did not succeed, once: what they had reserved is free again, unless it may have been read;
 * and the source is stopped when it would only fail again. Answers the seqs of schedules that were paused with theirs.
 */
export const failRuns = writeOperation('source-runs.fail', (db) => {
	const drop = prepareDropHappening(db);
	const openRun = prepareOpenRun(db);
	const task = db.prepare(
		'SELECT state, error_code AS errorCode, error_message AS errorMessage FROM tasks WHERE seq = ?',
	);
	const attempts = db.prepare('SELECT state, reason FROM attempts WHERE task_seq = ? ORDER BY number LIMIT ?');
	const end = prepareEndRun(db);
	const stop = prepareStopSource(db);
	return (args: { happenings: readonly Happening[]; now: number }): number[] => {
		const { happenings, now } = args;
		return happenings.flatMap(({ seq, ref }) => {
			const run = drop(seq) && ref !== null ? openRun(ref) : null;
			if (!run) return [];
			const { state, errorCode, errorMessage } = task.get(run.taskSeq) as FailedTask;
			const mayHave = mayHaveRead(attempts.all(run.taskSeq, MOST_ATTEMPTS) as EndedAttempt[]);
			const note = errorMessage ?? (state === 'cancelled' ? 'It was cancelled.' : 'It did not start in time.');
			const taken = mayHave ? run.reserved : 0;
			end(run, { state: 'failed', items: 0, taken, more: false, note, datasetVersion: null, now });
			const reason = reasonToStop(errorCode, errorMessage);
			return reason === null ? [] : stop({ seq: run.sourceSeq, reason, tell: true, by: SYSTEM, now });
		});
	};
});
