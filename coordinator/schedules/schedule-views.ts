import type { ScheduleRunView, ScheduleSummary, ScheduleView } from '../../shared/protocol/schedule.ts';
import type { ScheduleWish } from '../../shared/protocol/schedule-wish.ts';
import { scheduleSentence } from '../../shared/schedule-sentence.ts';
import type { ListedSchedule, RunRow } from './list-store.ts';
import { nextTimes } from './next-time.ts';
import { ruleOf, wishOf } from './schedule-row.ts';

/** Times that are told beforehand. */
export const TOLD_AHEAD = 10;

const instant = (at: number): string => new Date(at).toISOString();

export const summaryOf = (row: ListedSchedule): ScheduleSummary => {
	const last = row.lastRun === null ? null : JSON.parse(row.lastRun);
	return {
		...(wishOf(row) as ScheduleWish),
		id: row.id,
		version: row.version,
		owner: row.owner,
		name: row.name,
		cron: row.cron,
		every: row.everyMs,
		timeZone: row.timeZone,
		sentence: scheduleSentence(ruleOf(row)),
		misfire: row.misfire,
		overlap: row.overlap,
		pauseAfter: row.pauseAfter,
		failures: row.failures,
		state: row.state,
		reason: row.reason,
		nextRunAt: row.nextAt === null ? null : instant(row.nextAt),
		lastRun: last && { ...last, nominalAt: instant(last.nominalAt) },
		createdAt: instant(row.createdAt),
		updatedAt: instant(row.updatedAt),
	};
};

export const viewOf = (row: ListedSchedule): ScheduleView => {
	const { nextAt } = row;
	const times = nextAt === null ? [] : [nextAt, ...nextTimes(ruleOf(row), nextAt, TOLD_AHEAD - 1)];
	return { ...summaryOf(row), nextRuns: times.map(instant) };
};

export const runViewOf = ({ seq: _, job, jobState, tasks, ...run }: RunRow): ScheduleRunView => ({
	...run,
	nominalAt: instant(run.nominalAt),
	firedAt: instant(run.firedAt),
	job: job === null ? null : { id: job, state: jobState ?? '', tasks: JSON.parse(tasks) as string[] },
});
