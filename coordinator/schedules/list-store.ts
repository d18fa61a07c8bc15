import type { RunOutcome } from '../../shared/protocol/schedule.ts';
import { readOperation, writeOperation } from '../database/operation.ts';
import { SCHEDULE_COLUMNS, type ScheduleRow } from './schedule-row.ts';

/** How the last run went: JSON text, null before the first. */
export type ListedSchedule = ScheduleRow & { lastRun: string | null };

const LISTED = `SELECT ${SCHEDULE_COLUMNS},
	(SELECT json_object('nominalAt', r.nominal_at, 'outcome', r.outcome, 'jobState', j.state)
	 FROM schedule_runs r LEFT JOIN jobs j ON j.seq = r.job_seq
	 WHERE r.schedule_seq = s.seq ORDER BY r.seq DESC LIMIT 1) AS lastRun
	FROM schedules s JOIN users u ON u.seq = s.owner_seq`;

/** Oldest first. `owner`: a person's number or public id, or null for everybody's. */
export const listSchedules = readOperation('schedules.list', (db) => {
	const all = db.prepare(`${LISTED} WHERE s.seq > @after ORDER BY s.seq LIMIT @limit`);
	const bySeq = db.prepare(`${LISTED} WHERE s.owner_seq = @owner AND s.seq > @after ORDER BY s.seq LIMIT @limit`);
	const byId = db.prepare(`${LISTED} WHERE u.id = @owner AND s.seq > @after ORDER BY s.seq LIMIT @limit`);
	return (args: { owner: number | string | null; after: number; limit: number }) => {
		const { owner, after, limit } = args;
		if (owner === null) return all.all({ after, limit }) as ListedSchedule[];
		return (typeof owner === 'number' ? bySeq : byId).all({ owner, after, limit }) as ListedSchedule[];
	};
});

/** One as it is listed, by number. */
export const readListed = readOperation('schedules.read-listed', (db) => {
	const find = db.prepare(`${LISTED} WHERE s.seq = ?`);
	return (seq: number) => (find.get(seq) as ListedSchedule | undefined) ?? null;
});

export interface RunRow {
	seq: number;
	id: string;
	nominalAt: number;
	firedAt: number;
	kind: 'tick' | 'catch-up' | 'manual';
	outcome: RunOutcome;
	reason: string | null;
	job: string | null;
	jobState: string | null;
	/** JSON text: public ids, the first few. */
	tasks: string;
}

/** Tasks of a job that are told with a run; the job tells the rest. */
const MOST_TASKS = 16;

const RUNS = `SELECT r.seq, r.id, r.nominal_at AS nominalAt, r.fired_at AS firedAt, r.kind, r.outcome, r.reason,
	j.id AS job, j.state AS jobState,
	(SELECT json_group_array(id) FROM
		(SELECT id FROM tasks WHERE job_seq IS NOT NULL AND job_seq = r.job_seq ORDER BY seq LIMIT ${MOST_TASKS})) AS tasks
	FROM schedule_runs r LEFT JOIN jobs j ON j.seq = r.job_seq`;

/** Newest first. */
export const listRuns = readOperation('schedules.list-runs', (db) => {
	const select = db.prepare(`${RUNS} WHERE r.schedule_seq = ? AND r.seq < ? ORDER BY r.seq DESC LIMIT ?`);
	return (args: { scheduleSeq: number; before: number | null; limit: number }) =>
		select.all(args.scheduleSeq, args.before ?? Number.MAX_SAFE_INTEGER, args.limit) as RunRow[];
});

export const readRun = readOperation('schedules.read-run', (db) => {
	const find = db.prepare(`${RUNS} WHERE r.id = ?`);
	return (id: string) => find.get(id) as RunRow;
});

/** Forgets all but the newest runs of the next few schedules; answers where to go on, null at the end. */
export const forgetRuns = writeOperation('schedules.forget-runs', (db) => {
	const next = db.prepare('SELECT seq FROM schedules WHERE seq > ? ORDER BY seq LIMIT ?').pluck();
	const forget = db.prepare(
		`DELETE FROM schedule_runs WHERE schedule_seq = @seq AND outcome <> 'queued' AND seq <=
		   (SELECT seq FROM schedule_runs WHERE schedule_seq = @seq ORDER BY seq DESC LIMIT 1 OFFSET @kept)`,
	);
	return (args: { after: number; kept: number; limit: number }): number | null => {
		const seqs = next.all(args.after, args.limit) as number[];
		for (const seq of seqs) forget.run({ seq, kept: args.kept });
		return seqs.length === args.limit ? seqs.at(-1)! : null;
	};
});
