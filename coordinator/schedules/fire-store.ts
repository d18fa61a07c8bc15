import { CodedError } from '../../shared/coded-error.ts';
import { prepareAudit } from '../audit/audit-store.ts';
import type { Doer } from '../audit/doer.ts';
import { writeOperation } from '../database/operation.ts';
import { prepareAnswers } from '../queue/answer-store.ts';
import type { Idempotency } from '../queue/idempotency.ts';
import {
	type MissedTime,
	prepareMissed,
	preparePauseItself,
	prepareRun,
	type RunEnd,
	type RunWork,
	type WantedRun,
} from './run-store.ts';
import type { ScheduleRow } from './schedule-row.ts';
import { prepareFindSchedule } from './schedule-store.ts';

/** A schedule whose time has come, and what was worked out for it. */
export interface Firing {
	schedule: ScheduleRow;
	/** What the ledger must still say. */
	nominalAt: number;
	/** The time after that; null: there is none any more. */
	followAt: number | null;
	/** Oldest first. Only the first that may start needs `work`. */
	runs: readonly WantedRun[];
	missed: MissedTime | null;
	work: RunWork;
}

/** What became of it, and how the schedule stands now; null: it is gone. */
export interface Fired {
	/** False: its time had been taken already, or it was changed meanwhile. */
	isDone: boolean;
	version: number;
	nextAt: number | null;
	runs: RunEnd[];
}

/**
 * Lets schedules whose time has come run, each once whatever happens: the time moves on in the transaction that makes the
 * job, and only from what it was. Jobs and tasks are made here, too; what is killed before the commit has not happened.
 */
export const fireSchedules = writeOperation('schedules.fire', (db) => {
	const moveOn = db.prepare(
		`UPDATE schedules SET next_at = @followAt WHERE seq = @seq AND version = @version AND state = 'active'
		 AND next_at = @nominalAt`,
	);
	const take = db
		.prepare(`SELECT 1 FROM schedules WHERE seq = ? AND version = ? AND state = 'active' AND next_at = ?`)
		.pluck();
	const stand = db.prepare('SELECT version, next_at AS nextAt FROM schedules WHERE seq = ?');
	const run = prepareRun(db);
	const miss = prepareMissed(db);
	const pause = preparePauseItself(db);

	const fire = (firing: Firing, now: number): RunEnd[] | null => {
		const { schedule, nominalAt, followAt, missed } = firing;
		const { seq, version } = schedule;
		if (followAt !== null) {
			if (moveOn.run({ seq, version, nominalAt, followAt }).changes === 0) return null;
		} else if (take.get(seq, version, nominalAt) === undefined) return null;
		if (missed) miss(seq, missed, now);
		const ends = firing.runs.flatMap((one) => run(schedule, one, firing.work, now) ?? []);
		if (followAt === null) {
			pause(
				schedule,
				'Its next time never comes, or cannot be worked out here. Change when it runs, then resume.',
				now,
			);
		}
		return ends;
	};

	return (args: { firings: readonly Firing[]; now: number }): (Fired | null)[] =>
		args.firings.map((firing) => {
			const runs = fire(firing, args.now);
			const now = stand.get(firing.schedule.seq) as { version: number; nextAt: number | null } | undefined;
			return now ? { isDone: runs !== null, ...now, runs: runs ?? [] } : null;
		});
});

/** A run that somebody asks for. Refused is an error here: whoever asks is told, and it counts as no failure. */
export const runByHand = writeOperation('schedules.run-by-hand', (db) => {
	const find = prepareFindSchedule(db);
	const has = db.prepare('SELECT 1 FROM schedule_runs WHERE schedule_seq = ? AND nominal_at = ?').pluck();
	const run = prepareRun(db);
	const answers = prepareAnswers(db);
	const audit = prepareAudit(db);
	return (args: {
		id: string;
		run: string;
		work: RunWork;
		idempotency: Idempotency | null;
		by: Doer;
		now: number;
	}): { before: string } | RunEnd => {
		const { id, idempotency, by, now } = args;
		const schedule = find(id);
		const [before] = answers.find(schedule.ownerSeq, idempotency) ?? [];
		if (before !== undefined) return { before };
		let nominalAt = now;
		while (nominalAt % 1_000 === 0 || has.get(schedule.seq, nominalAt) !== undefined) nominalAt += 1;
		const end = run(schedule, { id: args.run, nominalAt, kind: 'manual' }, args.work, now)!;
		if (end.outcome === 'refused') throw new CodedError('wrong-state', end.reason ?? undefined);
		answers.remember(schedule.ownerSeq, idempotency, [args.run], now);
		audit({ at: now, ...by, action: 'schedule.run', object: id, outcome: 'done', detail: { outcome: end.outcome } });
		return end;
	};
});
