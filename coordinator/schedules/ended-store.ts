import { CodedError } from '../../shared/coded-error.ts';
import { readOperation, writeOperation } from '../database/operation.ts';
import { prepareDropHappening } from '../happenings/happening-store.ts';
import { isFailure, prepareFailures, prepareStart, type RunWork, type StartedWork } from './run-store.ts';
import { SCHEDULE_COLUMNS, type ScheduleRow } from './schedule-row.ts';

/** A job of a schedule that has ended. */
export interface EndedJob {
	happening: number;
	jobSeq: number;
}

/** Schedules of these jobs that have a run in line, each once, by the number of the job's happening. */
export const readWaiting = readOperation('schedules.read-waiting', (db) => {
	const select = db.prepare(
		`SELECT ${SCHEDULE_COLUMNS} FROM jobs j JOIN schedules s ON s.seq = j.schedule_seq JOIN users u ON u.seq = s.owner_seq
		 WHERE j.seq = ? AND EXISTS (SELECT 1 FROM schedule_runs WHERE schedule_seq = s.seq AND outcome = 'queued')`,
	);
	return (ended: readonly EndedJob[]): (ScheduleRow | null)[] =>
		ended.map(({ jobSeq }) => (select.get(jobSeq) as ScheduleRow | undefined) ?? null);
});

/**
 * What follows from the end of a schedule's job: failures in a row are counted, and what waited for the end starts.
 * A run that may not start takes those behind it with it, as nothing else would wake them.
 */
export const jobEnded = writeOperation('schedules.job-ended', (db) => {
	const drop = prepareDropHappening(db);
	const find = db.prepare(
		`SELECT j.state AS jobState, ${SCHEDULE_COLUMNS} FROM jobs j JOIN schedules s ON s.seq = j.schedule_seq
		 JOIN users u ON u.seq = s.owner_seq WHERE j.seq = ?`,
	);
	const count = db.prepare('UPDATE jobs SET counted = 1 WHERE seq = ? AND finished_at IS NOT NULL AND counted = 0');
	const unfinished = db.prepare('SELECT 1 FROM jobs WHERE schedule_seq = ? AND finished_at IS NULL LIMIT 1').pluck();
	const oldest = db
		.prepare(`SELECT seq FROM schedule_runs WHERE schedule_seq = ? AND outcome = 'queued' ORDER BY seq LIMIT 1`)
		.pluck();
	const startQueued = db.prepare(
		`UPDATE schedule_runs SET outcome = 'started', job_seq = ?, fired_at = ? WHERE seq = ? AND outcome = 'queued'`,
	);
	const refuseAll = db.prepare(
		`UPDATE schedule_runs SET outcome = 'refused', reason = ?, fired_at = ? WHERE schedule_seq = ? AND outcome = 'queued'`,
	);
	const stand = db.prepare('SELECT version, next_at AS nextAt FROM schedules WHERE seq = ?');
	const failures = prepareFailures(db);
	const start = prepareStart(db);
	return (args: { ended: EndedJob; work: RunWork | null; now: number }) => {
		const { ended, work, now } = args;
		if (!drop(ended.happening)) return null;
		const found = find.get(ended.jobSeq) as (ScheduleRow & { jobState: string }) | undefined;
		if (!found) return null;
		const { jobState, ...schedule } = found;
		const { seq } = schedule;
		// Tried again by hand it ends once more: that is not another run.
		const isFirstEnd = count.run(ended.jobSeq).changes > 0;
		if (isFirstEnd && jobState === 'failed') failures.add(schedule, 'see its tasks for the reason.', now);
		else if (isFirstEnd && jobState === 'done') failures.clear(seq);
		let started: StartedWork | null = null;
		// Gone when it was paused just now.
		const next = unfinished.get(seq) === undefined ? (oldest.get(seq) as number | undefined) : undefined;
		if (next !== undefined && work !== null) {
			try {
				started = start(schedule, work, now);
				startQueued.run(started.seq, now, next);
			} catch (error) {
				if (!(error instanceof CodedError)) throw error;
				refuseAll.run(error.message.slice(0, 500), now, seq);
				if (isFailure(error)) failures.add(schedule, error.message, now);
			}
		}
		return { started, seq, ...(stand.get(seq) as { version: number; nextAt: number | null }) };
	};
});

/** Open tasks of jobs of schedules that were told to end: the page after a number. */
export const readUnwanted = readOperation('schedules.read-unwanted', (db) => {
	const select = db
		.prepare(
			// In this order: there are few such jobs, and the open tasks are those of everybody.
			`SELECT t.seq FROM jobs j INDEXED BY jobs_unfinished CROSS JOIN tasks t INDEXED BY tasks_of_job ON t.job_seq = j.seq
			 WHERE j.schedule_seq IS NOT NULL AND j.finished_at IS NULL AND j.cancel_at IS NOT NULL
			   AND t.finished_at IS NULL AND t.seq > ? ORDER BY t.seq LIMIT ?`,
		)
		.pluck();
	return (args: { after: number; limit: number }) => select.all(args.after, args.limit) as number[];
});
