import type { Database } from 'better-sqlite3';
import { CodedError } from '../../shared/coded-error.ts';
import type { RunOutcome } from '../../shared/protocol/schedule.ts';
import { prepareAudit } from '../audit/audit-store.ts';
import { SYSTEM } from '../audit/doer.ts';
import { prepareHappening } from '../happenings/happening-store.ts';
import { type BegunJob, prepareBeginJob } from '../jobs/job-store.ts';
import { prepareExcess } from '../queue/submit-store.ts';
import type { ScheduleRow } from './schedule-row.ts';
import { preparePause } from './schedule-store.ts';
import type { PreparedWork } from './wish.ts';

/** A time that is to run. */
export interface WantedRun {
	/** Public id. */
	id: string;
	nominalAt: number;
	kind: 'tick' | 'catch-up' | 'manual';
}

/** What a run makes, with the public id of its job; or why there is nothing to be made. */
export type RunWork = (PreparedWork & { job: string }) | { refused: string };

/** Work that was stored: what is to be brought into the line after the commit, or to be fed. */
export interface StartedWork extends BegunJob {
	isFeeding: boolean;
}

export interface RunEnd {
	outcome: RunOutcome;
	reason: string | null;
	started: StartedWork | null;
	/** Older jobs of the schedule were told to end. */
	cancelsOld: boolean;
}

export type RunningSchedule = Pick<
	ScheduleRow,
	'seq' | 'id' | 'ownerSeq' | 'name' | 'overlap' | 'misfire' | 'pauseAfter'
>;

/** Catching up on all may leave many times in line; otherwise one waits and stands for those that come meanwhile. */
const MOST_QUEUED = { all: 1_000, once: 1, skip: 1 } as const;

/** Pauses a schedule that cannot go on, inside somebody's transaction, and sees to it that its owner is told. */
export const preparePauseItself = (db: Database) => {
	const pause = preparePause(db);
	const audit = prepareAudit(db);
	const happen = prepareHappening(db);
	return (
		{ seq, id, ownerSeq }: Pick<RunningSchedule, 'seq' | 'id' | 'ownerSeq'>,
		reason: string,
		now: number,
	): void => {
		pause(seq, reason, now);
		audit({ at: now, ...SYSTEM, action: 'schedule.pause', object: id, outcome: 'done', detail: { reason } });
		happen({ at: now, kind: 'schedule.paused', ownerSeq, ref: seq, detail: null });
	};
};

/** Counts failures in a row, inside somebody's transaction, and pauses a schedule after as many as its owner allows. */
export const prepareFailures = (db: Database) => {
	const add = db.prepare('UPDATE schedules SET failures = failures + 1 WHERE seq = ? RETURNING failures, state').raw();
	const clear = db.prepare('UPDATE schedules SET failures = 0 WHERE seq = ? AND failures > 0');
	const pause = preparePauseItself(db);
	return {
		clear: (seq: number): void => void clear.run(seq),
		add: (
			schedule: Pick<RunningSchedule, 'seq' | 'id' | 'ownerSeq' | 'pauseAfter'>,
			why: string,
			now: number,
		): void => {
			const { seq, pauseAfter } = schedule;
			const [failures, state] = add.get(seq) as [number, string];
			if (pauseAfter === 0 || failures < pauseAfter || state === 'paused') return;
			const times = failures === 1 ? 'The last run failed' : `The last ${failures} runs failed`;
			pause(schedule, `${times}: ${why} Put it right, then resume.`.slice(0, 500), now);
		},
	};
};

/** A source that still runs, or has had all that it may this month, or a budget that is used up, is no failure: the next time goes on. */
export const isFailure = ({ code }: CodedError): boolean =>
	code !== 'source-running' && code !== 'source-capped' && code !== 'budget-exceeded';

/** Makes the job of a run. */
type Start = (schedule: RunningSchedule, work: RunWork, now: number) => StartedWork;

/** Makes the job of a run, with its tasks unless it is fed, inside somebody's transaction. Throws a CodedError when that cannot be. */
export const prepareStart = (db: Database): Start => {
	const begin = prepareBeginJob(db);
	const excess = prepareExcess(db);
	const start: Start = (schedule, work, now) => {
		if ('refused' in work) throw new CodedError('wrong-state', work.refused);
		const { cap, tasks, skips, recipe, recipeVersion, wish, planned, isFeeding } = work;
		const tooMany = cap && excess(schedule.ownerSeq, tasks, cap);
		if (tooMany) {
			const message = `The service class ${cap.serviceClass} lets ${cap.most} tasks wait at a time, and ${tooMany.pending} waited already.`;
			throw new CodedError('too-many-queued', message);
		}
		const { ownerSeq, seq: scheduleSeq, name: title } = schedule;
		const of = { id: work.job, ownerSeq, cause: 'schedule', title, scheduleSeq, triggerSeq: null, now } as const;
		const job = { ...of, recipe, recipeVersion, wish, planned, isFeeding };
		return { ...begin({ job, tasks, skips }), isFeeding };
	};
	// Within a transaction this is a savepoint: what one schedule may not do takes back nothing of the others.
	return db.transaction(start);
};

/** A time that did not run, and how many others it stands for. */
export interface MissedTime {
	/** Public id. */
	id: string;
	nominalAt: number;
	reason: string;
}

const HAS_RUN = 'SELECT 1 FROM schedule_runs WHERE schedule_seq = ? AND nominal_at = ?';

/** Writes down a time that was missed, unless it ran before the clock was set back. */
export const prepareMissed = (db: Database): ((seq: number, missed: MissedTime, now: number) => void) => {
	const has = db.prepare(HAS_RUN).pluck();
	const insert = db.prepare(
		`INSERT INTO schedule_runs (id, schedule_seq, nominal_at, kind, fired_at, outcome, reason)
		 VALUES (?, ?, ?, 'catch-up', ?, 'missed', ?)`,
	);
	return (seq, { id, nominalAt, reason }, now) => {
		if (has.get(seq, nominalAt) === undefined) insert.run(id, seq, nominalAt, now, reason);
	};
};

/** Lets one time run inside somebody's transaction, as overlap has it. Null: it has run already. */
export const prepareRun = (db: Database) => {
	const insert = db.prepare(
		`INSERT INTO schedule_runs (id, schedule_seq, nominal_at, kind, fired_at, outcome, reason, job_seq)
		 VALUES (?, ?, ?, ?, ?, ?, ?, ?)`,
	);
	const has = db.prepare(HAS_RUN).pluck();
	const unfinished = db.prepare('SELECT 1 FROM jobs WHERE schedule_seq = ? AND finished_at IS NULL LIMIT 1').pluck();
	const queued = db.prepare(`SELECT count(*) FROM schedule_runs WHERE schedule_seq = ? AND outcome = 'queued'`).pluck();
	const endOld = db.prepare(
		`UPDATE jobs SET state = 'running', cancel_at = @now, fed_at = coalesce(fed_at, @now)
		 WHERE schedule_seq = @seq AND seq <> @jobSeq AND finished_at IS NULL AND cancel_at IS NULL`,
	);
	const failures = prepareFailures(db);
	const start = prepareStart(db);

	return (schedule: RunningSchedule, run: WantedRun, work: RunWork, now: number): RunEnd | null => {
		const { seq, overlap, misfire } = schedule;
		if (has.get(seq, run.nominalAt) !== undefined) return null;
		const note = (outcome: RunOutcome, reason: string | null, jobSeq: number | null = null): RunEnd => {
			insert.run(run.id, seq, run.nominalAt, run.kind, now, outcome, reason, jobSeq);
			return { outcome, reason, started: null, cancelsOld: false };
		};
		const waiting = queued.get(seq) as number;
		const isBusy = waiting > 0 || unfinished.get(seq) !== undefined;
		if (isBusy && overlap === 'skip') return note('skipped', 'The run before it had not ended.');
		if (isBusy && overlap === 'queue') {
			if (waiting < MOST_QUEUED[misfire]) return note('queued', null);
			return note('skipped', `The run before it had not ended, and ${waiting} waited for that already.`);
		}
		try {
			const started = start(schedule, work, now);
			const cancelsOld = isBusy && endOld.run({ seq, jobSeq: started.seq, now }).changes > 0;
			return { ...note('started', null, started.seq), started, cancelsOld };
		} catch (error) {
			if (!(error instanceof CodedError)) throw error;
			const outcome = error.code === 'source-running' ? 'skipped' : 'refused';
			const noted = note(outcome, error.message.slice(0, 500));
			if (isFailure(error)) failures.add(schedule, error.message, now);
			return noted;
		}
	};
};
