import fc from 'fast-check';
import { expect, test } from 'vitest';
import { dueTimes } from './due-times.ts';
import { nextTime, nextTimes } from './next-time.ts';
import type { ScheduleRule } from './schedule-rule.ts';

const MINUTE = 60_000;
const DAY = 86_400_000;
const daily: ScheduleRule = { cron: '30 7 * * *', timeZone: 'Europe/London', everyMs: null, anchorAt: null };
const minutely: ScheduleRule = { cron: '* * * * *', timeZone: 'UTC', everyMs: null, anchorAt: null };
const half7 = Date.parse('2026-01-05T07:30:00Z');

test('what begins within a minute of its time is on time, whatever is to become of misfires', async () => {
	for (const misfire of ['skip', 'once', 'all'] as const) {
		for (const late of [0, 5, 60_000]) {
			expect(await dueTimes(daily, half7, half7 + late, misfire)).toEqual({
				runs: [{ nominalAt: half7, kind: 'tick' }],
				missed: null,
				followAt: half7 + DAY,
			});
		}
	}
});

test('later it is missed, or caught up on once, or each time', async () => {
	const now = half7 + 3 * DAY + 2 * MINUTE;
	const followAt = half7 + 4 * DAY;
	const last = half7 + 3 * DAY;
	const missed = (nominalAt: number, others: string) => ({ nominalAt, reason: expect.stringContaining(others) });
	expect(await dueTimes(daily, half7, now, 'skip')).toEqual({
		runs: [],
		missed: missed(last, 'and 3 before'),
		followAt,
	});
	expect(await dueTimes(daily, half7, now, 'once')).toEqual({
		runs: [{ nominalAt: last, kind: 'catch-up' }],
		missed: missed(half7 + 2 * DAY, 'and 2 before'),
		followAt,
	});
	expect(await dueTimes(daily, half7, now, 'all')).toEqual({
		runs: [0, 1, 2, 3].map((n) => ({ nominalAt: half7 + n * DAY, kind: 'catch-up' })),
		missed: null,
		followAt,
	});
});

test('a clock that jumps by a year makes a thousand runs at most, the newest, and says that there were more', async () => {
	const now = half7 + 365 * DAY;
	const { runs, missed, followAt } = await dueTimes(minutely, half7, now, 'all');
	expect(runs).toHaveLength(1_000);
	expect(runs.at(-1)).toEqual({ nominalAt: now, kind: 'tick' });
	expect(runs[0]).toEqual({ nominalAt: now - 999 * MINUTE, kind: 'catch-up' });
	expect(missed?.nominalAt).toBe(half7);
	expect(followAt).toBe(now + MINUTE);
	const once = await dueTimes(minutely, half7, now, 'once');
	expect(once.runs).toEqual([{ nominalAt: now, kind: 'tick' }]);
	expect(once.missed?.reason).toContain('more than');
});

const rules = fc.constantFrom<ScheduleRule>(
	daily,
	minutely,
	{ ...daily, cron: '0 0 1 * *' },
	{ ...daily, cron: '*/7 1-3 * * 0' },
	{ ...daily, cron: '* * 1 1 *' },
	{ cron: null, timeZone: 'UTC', everyMs: 10_000, anchorAt: half7 },
	{ cron: null, timeZone: 'UTC', everyMs: 7 * DAY, anchorAt: half7 },
);

test('against counting them one by one: each time is run, or missed, or still to come', async () => {
	await fc.assert(
		fc.asyncProperty(
			rules,
			fc.integer({ min: 0, max: 400 }),
			fc.double({ min: 0, max: 40, noNaN: true }),
			fc.constantFrom('skip', 'once', 'all'),
			async (rule, days, length, misfire) => {
				const first = nextTime(rule, half7 + days * DAY)!;
				const now = first + Math.floor(length ** 3 * MINUTE);
				const passed = nextTimes(rule, first - 1, 2_000).filter((at) => at <= now);
				// What cannot be counted here was tested above.
				fc.pre(passed.length > 0 && passed.length < 2_000);
				const newest = passed.at(-1)!;
				const { runs, missed, followAt } = await dueTimes(rule, first, now, misfire);
				expect(followAt).toBe(nextTime(rule, newest));
				const isOnTime = now - newest <= MINUTE;
				const wanted = misfire === 'all' ? passed.slice(-1_000) : misfire === 'once' || isOnTime ? [newest] : [];
				expect(runs.map(({ nominalAt }) => nominalAt)).toEqual(wanted);
				for (const { nominalAt, kind } of runs) {
					expect(kind).toBe(nominalAt === newest && isOnTime ? 'tick' : 'catch-up');
				}
				expect(missed !== null).toBe(passed.length > wanted.length);
				if (missed) {
					expect(wanted).not.toContain(missed.nominalAt);
					expect(passed).toContain(missed.nominalAt);
				}
			},
		),
		{ numRuns: 60 },
	);
});
