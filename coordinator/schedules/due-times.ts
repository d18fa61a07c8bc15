import { setImmediate as nextTurn } from 'node:timers/promises';
import type { MISFIRES } from '../../shared/protocol/schedule.ts';
import { nextTime } from './next-time.ts';
import type { ScheduleRule } from './schedule-rule.ts';

/** A run that begins so much after its time is on time: a busy moment is no misfire. */
export const ON_TIME_MS = 60_000;
/** Of times that passed so many are looked at: enough to run them, or enough to say how many there were. */
const MOST_CAUGHT_UP = 1_000;
const MOST_COUNTED = 20;
/** Finding one takes croner up to a fifth of a millisecond; after so many others get a turn. */
const AT_A_TIME = 25;

export type Misfire = (typeof MISFIRES)[number];

/** What is to become of the times of a rule that have passed. */
export interface DueTimes {
	/** Those that run, oldest first. */
	runs: { nominalAt: number; kind: 'tick' | 'catch-up' }[];
	/** Those that do not: the newest of them, and how many it stands for. */
	missed: { nominalAt: number; reason: string } | null;
	/** The first time that has not passed; null when there is none. */
	followAt: number | null;
}

/** The newest times from `first` (one of them) to `now`, at most so many, and whether there were more. */
const passedTimes = async (rule: ScheduleRule, first: number, now: number, most: number) => {
	const walk = async (from: number | null, limit: number) => {
		const times: number[] = [];
		for (let at = from; at !== null && at <= now && times.length < limit; at = nextTime(rule, at)) {
			times.push(at);
			if (times.length % AT_A_TIME === 0) await nextTurn();
		}
		return times;
	};
	const oldest = await walk(first, most + 1);
	if (oldest.length <= most) return { times: oldest, more: false };
	// After a year there may be half a million: the newest are found by looking back about as far as so many reach.
	for (let back = oldest.at(-1)! - first; ; back *= 2) {
		const newest = await walk(nextTime(rule, Math.max(now - back, first)), Number.POSITIVE_INFINITY);
		if (newest.length > 0) return { times: newest.slice(-most), more: true };
	}
};

/** `nominalAt` is the schedule's next time as the ledger has it, and has come. */
export const dueTimes = async (
	rule: ScheduleRule,
	nominalAt: number,
	now: number,
	misfire: Misfire,
): Promise<DueTimes> => {
	const most = misfire === 'all' ? MOST_CAUGHT_UP : MOST_COUNTED;
	const { times, more } = await passedTimes(rule, nominalAt, now, most);
	const newest = times.pop()!;
	const isOnTime = now - newest <= ON_TIME_MS;
	const runs: DueTimes['runs'] = [];
	if (misfire === 'all') runs.push(...times.splice(0).map((at) => ({ nominalAt: at, kind: 'catch-up' as const })));
	if (isOnTime) runs.push({ nominalAt: newest, kind: 'tick' });
	else if (misfire === 'skip') times.push(newest);
	else runs.push({ nominalAt: newest, kind: 'catch-up' });
	return { runs, missed: missedOf(times, runs[0]?.nominalAt ?? null, more, nominalAt), followAt: nextTime(rule, now) };
};

const missedOf = (
	times: readonly number[],
	firstRun: number | null,
	more: boolean,
	first: number,
): DueTimes['missed'] => {
	const newest = times.at(-1);
	const others = times.length - 1;
	// Older than everything that was looked at: the first of them stands for all.
	if (newest === undefined) {
		return more && firstRun !== first ? { nominalAt: first, reason: words('and others after it') } : null;
	}
	const and = others === 0 && !more ? '' : `and ${more ? 'more than ' : ''}${others} before it`;
	return { nominalAt: newest, reason: words(and) };
};

const words = (others: string): string =>
	`Nothing could run at this time${others === '' ? '' : ` ${others}`}: the coordinator was down, or its clock was set.`;
