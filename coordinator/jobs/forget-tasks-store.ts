import type { Database } from 'better-sqlite3';
import { readOperation, writeOperation } from '../database/operation.ts';
import type { HappeningKind } from '../happenings/happening-store.ts';

/** Tasks, and lines of their logs, that go in one transaction, so that other writers never wait long. */
const TASKS = 200;
const LINES = 5_000;
/** Rows that one reading looks at. */
const SCANNED = 5_000;
/** While more is still to follow from what has ended nothing is forgotten. */
const MOST_PENDING = 5_000;

/** Things of which something is still to follow; null: too many to look at. */
const preparePending = (db: Database, kinds: readonly HappeningKind[]): (() => ReadonlySet<number> | null) => {
	const select = db
		.prepare(`SELECT ref FROM happenings WHERE kind IN (SELECT value FROM json_each(?)) LIMIT ${MOST_PENDING + 1}`)
		.pluck();
	return () => {
		const refs = select.all(JSON.stringify(kinds)) as number[];
		return refs.length > MOST_PENDING ? null : new Set(refs);
	};
};

type Counted = 'succeeded' | 'cancelled' | 'failed';

/**
 * Forgets tasks inside somebody's transaction, in this order, until it has done enough. Left are those that are not old,
 * the newest (numbers go on from there), those that another one still waits for, those from which something is still to
 * follow, those of which it is still to be counted how they ended, and those that an attempt has outlived, by a clock that was set back. What tasks have used stays; of files that they made it stays how.
 */
const prepareForgetTasks = (db: Database) => {
	const find = db.prepare(
		`SELECT t.state, t.file_seq AS fileSeq, t.inputs ->> '$[0].version' AS version, o.cause, o.trigger_seq AS triggerSeq,
		   (SELECT count(*) FROM attempts a WHERE a.task_seq = t.seq) AS attempts
		 FROM tasks t LEFT JOIN task_origins o ON o.task_seq = t.seq
		 WHERE t.seq = @seq AND t.finished_at < @endedBefore AND t.seq < (SELECT max(seq) FROM tasks) AND NOT EXISTS (
		   SELECT 1 FROM task_dependencies d JOIN tasks w ON w.seq = d.task_seq
		   WHERE d.after_seq = t.seq AND w.finished_at IS NULL)
		 AND NOT EXISTS (SELECT 1 FROM attempts a WHERE a.task_seq = t.seq
		   AND (a.usage_seq > (SELECT last_seq FROM usage_counted) OR a.finished_at >= @endedBefore))`,
	);
	const removeLines = db.prepare(
		'DELETE FROM task_logs WHERE (task_seq, seq) IN (SELECT task_seq, seq FROM task_logs WHERE task_seq = ? LIMIT ?)',
	);
	// A trigger has one row for each event, and of its tasks it is not known which of them it was.
	const noteFiring = db.prepare(
		`UPDATE trigger_firings SET forgotten = forgotten + 1 WHERE seq = (SELECT min(seq) FROM trigger_firings
		   WHERE file_seq = @fileSeq AND version = @version AND trigger_seq = @triggerSeq)`,
	);
	// Which trigger led to it would go with the task, and a file that is moved must start nothing that led to it.
	const noteMade = db.prepare(
		`UPDATE provenance SET task_seq = NULL, job_seq = NULL,
		   lineage = iif(@triggerSeq IS NULL, lineage, json_insert(lineage, '$[#]', @triggerSeq)) WHERE task_seq = @seq`,
	);
	const remove = db.prepare('DELETE FROM tasks WHERE seq = ?');
	const note = db.prepare(
		`UPDATE forgotten_tasks SET tasks = tasks + @tasks, attempts = attempts + @attempts, to_seq = max(to_seq, @toSeq),
		   ended_before = max(ended_before, @endedBefore)`,
	);
	const pendingOf = preparePending(db, ['task.ended', 'source.failed']);
	return (seqs: readonly number[], endedBefore: number) => {
		const counts: Record<Counted, number> = { succeeded: 0, cancelled: 0, failed: 0 };
		const pending = pendingOf();
		let [tasks, attempts, lines, toSeq, next] = [0, 0, 0, 0, 0];
		for (; pending && next < seqs.length && tasks < TASKS && lines < LINES; next++) {
			const seq = seqs[next]!;
			const task = pending.has(seq) ? undefined : (find.get({ seq, endedBefore }) as FoundTask | undefined);
			if (!task) continue;
			lines += removeLines.run(seq, LINES - lines).changes;
			if (lines === LINES) break;
			const { state, cause, triggerSeq, fileSeq, version } = task;
			if (triggerSeq !== null && cause !== 'again') noteFiring.run({ fileSeq, version, triggerSeq });
			noteMade.run({ seq, triggerSeq });
			remove.run(seq);
			tasks += 1;
			attempts += task.attempts;
			toSeq = Math.max(toSeq, seq);
			counts[state === 'succeeded' || state === 'cancelled' ? state : 'failed'] += 1;
		}
		if (tasks > 0) note.run({ tasks, attempts, toSeq, endedBefore });
		return { tasks, counts, lines, done: pending ? next : seqs.length };
	};
};

interface FoundTask {
	state: string;
	fileSeq: number | null;
	version: number | null;
	cause: string | null;
	triggerSeq: number | null;
	attempts: number;
}

/** Those of a table that ended before the instant, among the next ones; null `next`: what comes then is younger. */
const prepareOld = (db: Database, table: 'tasks' | 'jobs', isWanted: string) => {
	const page = db.prepare(
		`SELECT seq, created_at AS createdAt, ${isWanted} AND coalesce(finished_at < @endedBefore, 0) AS isOld
		 FROM ${table} WHERE seq > @after ORDER BY seq LIMIT ${SCANNED}`,
	);
	return (args: { endedBefore: number; after: number }): { seqs: number[]; next: number | null } => {
		const rows = page.all(args) as { seq: number; createdAt: number; isOld: 0 | 1 }[];
		const isEnd = rows.length < SCANNED || rows.every(({ createdAt }) => createdAt >= args.endedBefore);
		const seqs = rows.filter(({ isOld }) => isOld === 1).map(({ seq }) => seq);
		return { seqs, next: isEnd ? null : rows.at(-1)!.seq };
	};
};

/** Tasks of no job. */
export const readOldTasks = readOperation('jobs.read-old-tasks', (db) => prepareOld(db, 'tasks', 'job_seq IS NULL'));

export const readOldJobs = readOperation('jobs.read-old-jobs', (db) => prepareOld(db, 'jobs', 'TRUE'));

/** Forgets some of these tasks; `done`: with so many of them it is through, whether they went or stay. */
export const forgetTasks = writeOperation('jobs.forget-tasks', (db) => {
	const forget = prepareForgetTasks(db);
	return ({ seqs, endedBefore }: { seqs: readonly number[]; endedBefore: number }) => {
		const { tasks, done } = forget(seqs, endedBefore);
		return { tasks, done };
	};
});

/**
 * Forgets the next tasks of a job that is over and old, and with the last one the job. Until then it counts those that are
 * left. `more` is false for one that must stay.
 */
export const forgetJob = writeOperation('jobs.forget-job', (db) => {
	const isOld = db
		.prepare(
			`SELECT 1 FROM jobs j WHERE j.seq = @seq AND j.finished_at < @endedBefore AND j.seq < (SELECT max(seq) FROM jobs)
			   AND NOT EXISTS (SELECT 1 FROM tasks WHERE job_seq = j.seq AND seq = (SELECT max(seq) FROM tasks))`,
		)
		.pluck();
	const tasksOf = db.prepare(`SELECT seq FROM tasks WHERE job_seq = ? ORDER BY seq LIMIT ${TASKS}`).pluck();
	const count = db.prepare(
		`UPDATE jobs SET tasks = tasks - (@succeeded + @failed + @cancelled), succeeded = succeeded - @succeeded,
		   failed = failed - @failed, cancelled = cancelled - @cancelled WHERE seq = @seq`,
	);
	const remove = db.prepare('DELETE FROM jobs WHERE seq = ? AND tasks = 0');
	const pendingOf = preparePending(db, ['job.ended', 'job.hungry', 'schedule.job-ended']);
	const forget = prepareForgetTasks(db);
	return ({ seq, endedBefore }: { seq: number; endedBefore: number }) => {
		const pending = pendingOf();
		const stays = { tasks: 0, more: false, gone: false };
		if (!pending || pending.has(seq) || isOld.get({ seq, endedBefore }) === undefined) return stays;
		const seqs = tasksOf.all(seq) as number[];
		const { tasks, counts, lines } = forget(seqs, endedBefore);
		if (tasks > 0) count.run({ seq, ...counts });
		const gone = remove.run(seq).changes > 0;
		return { tasks, more: !gone && (tasks > 0 || lines > 0), gone };
	};
});

export const FORGET_TASK_OPERATIONS = [readOldTasks, forgetTasks, readOldJobs, forgetJob];
