import { Cron } from 'croner';
import type { ScheduleRule } from './schedule-rule.ts';

/** Compiled patterns that are kept. */
const MOST_KEPT = 2_000;

const kept = new Map<string, { cron: Cron; after: number; next: number | null }>();

/**
 * A pattern, compiled once. It is never given anything to call, so it has no timer. `no-wildcard`: a time of day that the
 * clocks skip runs right after the gap and one that comes twice runs once, also in lists and ranges; what has `*` or a
 * step in minute or hour runs by the passing of time.
 */
const compiled = (cron: string, timeZone: string) => {
	const key = `${timeZone} ${cron}`;
	let found = kept.get(key);
	if (!found) {
		const options = { timezone: timeZone, paused: true, mode: '5-part', fixedTimeRule: 'no-wildcard' } as const;
		found = { cron: new Cron(cron, options), after: Number.NaN, next: null };
		const [oldest] = kept.keys();
		if (kept.size >= MOST_KEPT && oldest !== undefined) kept.delete(oldest);
	} else kept.delete(key);
	// Behind all others: what was asked for last is forgotten last.
	kept.set(key, found);
	return found;
};

/** The first time of the rule after a moment, both in milliseconds since 1970; null when none ever comes. */
export const nextTime = (rule: ScheduleRule, after: number): number | null => {
	if (rule.cron === null) {
		const passed = Math.floor((after - rule.anchorAt) / rule.everyMs);
		return rule.anchorAt + Math.max(1, passed + 1) * rule.everyMs;
	}
	const pattern = compiled(rule.cron, rule.timeZone);
	// Ten thousand schedules for half past seven ask the same question one after the other.
	if (pattern.after !== after) {
		pattern.next = pattern.cron.nextRun(new Date(after))?.getTime() ?? null;
		pattern.after = after;
	}
	return pattern.next;
};

/** The next times of the rule after a moment, as many as there are and at most so many. */
export const nextTimes = (rule: ScheduleRule, after: number, most: number): number[] => {
	const times: number[] = [];
	for (let at = nextTime(rule, after); at !== null && times.length < most; at = nextTime(rule, at)) times.push(at);
	return times;
};
