import type { Database } from 'better-sqlite3';
import { CodedError } from '../../shared/coded-error.ts';
import type { JobState } from '../../shared/protocol/job.ts';
import { prepareAudit } from '../audit/audit-store.ts';
import { auditOf, type Doer } from '../audit/doer.ts';
import { readOperation, writeOperation } from '../database/operation.ts';
import { prepareAnswers } from '../queue/answer-store.ts';
import type { Idempotency } from '../queue/idempotency.ts';
import { prepareMissing } from '../queue/missing-store.ts';
import {
	type Excess,
	type NewTask,
	prepareExcess,
	prepareSubmit,
	type QueuedCap,
	type Submitted,
} from '../queue/submit-store.ts';
import { prepareSourceStart } from '../source-runs/start-store.ts';
import { type NewJob, prepareJob } from './insert-job-store.ts';

/** One person's that are not over. */
const MOST_OPEN = 100;

export interface JobRow {
	seq: number;
	id: string;
	ownerSeq: number;
	/** Public id. */
	owner: string;
	cause: NewJob['cause'];
	title: string;
	recipe: string | null;
	recipeVersion: number | null;
	scheduleSeq: number | null;
	triggerSeq: number | null;
	/** JSON text of a StoredWish. */
	wish: string;
	state: JobState;
	cursor: string | null;
	fedAt: number | null;
	planned: number | null;
	tasks: number;
	open: number;
	succeeded: number;
	failed: number;
	cancelled: number;
	skips: string;
	createdAt: number;
	cancelAt: number | null;
	finishedAt: number | null;
}

const SELECT = `SELECT seq, id, owner_seq AS ownerSeq,
	(SELECT u.id FROM users u WHERE u.seq = owner_seq) AS owner, cause, title, recipe, recipe_version AS recipeVersion,
	schedule_seq AS scheduleSeq, trigger_seq AS triggerSeq, wish, state, cursor, fed_at AS fedAt, planned, tasks, open,
	succeeded, failed, cancelled, skips, created_at AS createdAt, cancel_at AS cancelAt, finished_at AS finishedAt FROM jobs`;

const prepareFind = (db: Database): ((id: string) => JobRow) => {
	const find = db.prepare(`${SELECT} WHERE id = ?`);
	const missing = prepareMissing(db);
	return (id) => {
		const row = find.get(id) as JobRow | undefined;
		if (!row) throw missing('job', id);
		return row;
	};
};

export const readJob = readOperation('jobs.read', (db) => prepareFind(db));

export const readJobBySeq = readOperation('jobs.read-by-seq', (db) => {
	const find = db.prepare(`${SELECT} WHERE seq = ?`);
	return (seq: number) => (find.get(seq) as JobRow | undefined) ?? null;
});

/** A person's, the newest first. */
export const listJobs = readOperation('jobs.list', (db) => {
	const select = db.prepare(
		`${SELECT} WHERE owner_seq = @ownerSeq AND seq < @before
		 AND (@state IS NULL OR state = @state OR (@state = 'open' AND finished_at IS NULL))
		 AND (@recipe IS NULL OR recipe = @recipe) AND (@cause IS NULL OR cause = @cause)
		 ORDER BY seq DESC LIMIT @limit`,
	);
	return (args: {
		ownerSeq: number;
		state: string | null;
		recipe: string | null;
		cause: string | null;
		before: number;
		limit: number;
	}) => select.all(args) as JobRow[];
});

/** Jobs with something left to do that is not their tasks': being fed, and what was said of them brought to their tasks. */
export const readUnfinishedJobs = readOperation('jobs.read-unfinished', (db) => {
	const feeding = db
		.prepare(`SELECT seq FROM jobs WHERE fed_at IS NULL AND finished_at IS NULL AND state = 'feeding'`)
		.pluck();
	const said = db.prepare(
		`SELECT j.seq, u.id AS owner, j.cancel_at IS NOT NULL AS isCancelled
		 FROM jobs j INDEXED BY jobs_unfinished JOIN users u ON u.seq = j.owner_seq
		 WHERE j.finished_at IS NULL AND (j.state = 'paused' OR j.cancel_at IS NOT NULL)`,
	);
	return (_: null) => ({
		feeding: feeding.all() as number[],
		said: said.all() as { seq: number; owner: string; isCancelled: 0 | 1 }[],
	});
});

/** A job that begins, with the tasks that are made in the same transaction: all of them, unless it is fed later. */
export interface BeginningJob {
	job: NewJob;
	/** Their job's seq is filled in. */
	tasks: readonly NewTask[];
	skips: Readonly<Record<string, number>>;
}

export interface BegunJob {
	seq: number;
	tasks: NewTask[];
	submitted: Submitted[];
}

/** Writes down a job with its tasks inside somebody's transaction. Throws when a source that one of them is a run of may not run. */
export const prepareBeginJob = (db: Database): ((beginning: BeginningJob) => BegunJob) => {
	const { insert, fed } = prepareJob(db);
	const submit = prepareSubmit(db);
	const startSource = prepareSourceStart(db);
	const skip = db.prepare('UPDATE jobs SET skipped = ?, skips = ? WHERE seq = ?');
	return ({ job, tasks, skips }) => {
		const seq = insert(job);
		const begun = tasks.map((task) => startSource({ ...task, jobSeq: seq }, job.now));
		const whole = begun.map(({ task }): NewTask => task);
		const submitted = submit(whole, job.now);
		for (const [i, { stored }] of begun.entries()) stored((submitted[i] as Submitted).seq);
		const skipped = Object.values(skips).reduce((sum, count) => sum + count, 0);
		if (skipped > 0) skip.run(skipped, JSON.stringify(skips), seq);
		if (!job.isFeeding) fed(seq, job.now);
		return { seq, tasks: whole, submitted };
	};
};

/** Begins a job that somebody asked for; a repeat with the same key gets the first one's id. Throws `too-many-things`. */
export const beginJob = writeOperation('jobs.begin', (db) => {
	const begin = prepareBeginJob(db);
	const answers = prepareAnswers(db);
	const openOf = db
		.prepare('SELECT count(*) FROM jobs INDEXED BY jobs_unfinished WHERE owner_seq = ? AND finished_at IS NULL')
		.pluck();
	const excess = prepareExcess(db);
	const audit = prepareAudit(db);
	return (
		args: BeginningJob & { idempotency: Idempotency | null; cap: QueuedCap | null; by: Doer },
	): { before: string } | { excess: Excess } | BegunJob => {
		const { job, tasks, idempotency, cap, by } = args;
		const { ownerSeq, id, now } = job;
		const [before] = answers.find(ownerSeq, idempotency) ?? [];
		if (before !== undefined) return { before };
		if ((openOf.get(ownerSeq) as number) >= MOST_OPEN) {
			throw new CodedError('too-many-things', `${MOST_OPEN} of your jobs are under way; wait for one, or cancel one.`);
		}
		const tooMany = cap && excess(ownerSeq, tasks, cap);
		if (tooMany) return { excess: tooMany };
		const begun = begin(args);
		answers.remember(ownerSeq, idempotency, [id], now);
		const detail = { title: job.title, cause: job.cause, recipe: job.recipe };
		audit({ ...auditOf(by, 'job.create', id, detail), at: now });
		return begun;
	};
});

/** What is said of a job. */
export type JobWord = 'pause' | 'resume' | 'cancel';

/** Says it; null when it is so already. Throws `wrong-state` when it can come to nothing. */
export const sayOfJob = writeOperation('jobs.say', (db) => {
	const find = prepareFind(db);
	const pause = db.prepare(`UPDATE jobs SET state = 'paused' WHERE seq = ?`);
	const resume = db.prepare(
		`UPDATE jobs SET state = CASE WHEN fed_at IS NULL THEN 'feeding' ELSE 'running' END WHERE seq = ?`,
	);
	// Without open tasks it is over by that.
	const cancel = db.prepare(
		`UPDATE jobs SET state = 'running', cancel_at = @now, fed_at = coalesce(fed_at, @now) WHERE seq = @seq`,
	);
	const audit = prepareAudit(db);
	return ({ id, word, by, now }: { id: string; word: JobWord; by: Doer; now: number }) => {
		const { seq, state, finishedAt, cancelAt, owner, fedAt } = find(id);
		if (word === 'cancel' && (state === 'cancelled' || cancelAt !== null)) return { seq, owner, isFeeding: false };
		if (finishedAt !== null) throw new CodedError('wrong-state', `The job is ${state} already.`);
		if (cancelAt !== null) throw new CodedError('wrong-state', 'The job is being cancelled.');
		if (word === 'pause') pause.run(seq);
		else if (word === 'cancel') cancel.run({ seq, now });
		else if (state === 'paused') resume.run(seq);
		const isFeeding = word === 'resume' && fedAt === null;
		audit({ ...auditOf(by, `job.${word}`, id), at: now });
		return { seq, owner, isFeeding };
	};
});
