import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { nextTime, nextTimes } from './next-time.ts';
import type { ScheduleRule } from './schedule-rule.ts';

const cron = (pattern: string, timeZone: string): ScheduleRule => ({
	...{ cron: pattern, timeZone },
	...{ everyMs: null, anchorAt: null },
});
const every = (everyMs: number, anchorAt: number): ScheduleRule => ({
	...{ cron: null, timeZone: 'UTC' },
	...{ everyMs, anchorAt },
});

const runs = (rule: ScheduleRule, after: string, count: number) =>
	nextTimes(rule, Date.parse(after), count).map((at) => new Date(at).toISOString().slice(0, 16));

type Due = [pattern: string, from: string, ...times: string[]];

/**
 * Worked out by hand from when each zone's clocks change in 2026: what is due at a time that is skipped in spring, at one
 * that comes twice in autumn, and on the day after each. Kolkata never changes.
 */
const CHANGES: [zone: string, gap: Due, twice: Due][] = [
	[
		'Europe/London',
		['30 1 * * *', '2026-03-28T12:00Z', '2026-03-29T01:00', '2026-03-30T00:30'],
		['30 1 * * *', '2026-10-24T12:00Z', '2026-10-25T00:30', '2026-10-26T01:30'],
	],
	[
		'America/New_York',
		['30 2 * * *', '2026-03-07T12:00Z', '2026-03-08T07:00', '2026-03-09T06:30'],
		['30 1 * * *', '2026-10-31T12:00Z', '2026-11-01T05:30', '2026-11-02T06:30'],
	],
	[
		// Half an hour only.
		'Australia/Lord_Howe',
		['15 2 * * *', '2026-10-03T00:00Z', '2026-10-03T15:30', '2026-10-04T15:15'],
		['45 1 * * *', '2026-04-03T16:00Z', '2026-04-04T14:45', '2026-04-05T15:15'],
	],
	[
		// At midnight: the day begins at one.
		'Africa/Cairo',
		['30 0 * * *', '2026-04-23T12:00Z', '2026-04-23T22:00', '2026-04-24T21:30'],
		['30 23 * * *', '2026-10-29T12:00Z', '2026-10-29T20:30', '2026-10-30T21:30'],
	],
	[
		'America/Santiago',
		['30 0 * * *', '2026-09-05T12:00Z', '2026-09-06T04:00', '2026-09-07T03:30'],
		['30 23 * * *', '2026-04-04T12:00Z', '2026-04-05T02:30', '2026-04-06T03:30'],
	],
	[
		'Asia/Kolkata',
		['30 1 * * *', '2026-03-28T12:00Z', '2026-03-28T20:00', '2026-03-29T20:00'],
		['30 1 * * *', '2026-10-24T12:00Z', '2026-10-24T20:00', '2026-10-25T20:00'],
	],
];

describe.each(CHANGES)('in %s', (zone, [gap, beforeGap, ...afterGap], [twice, beforeTwice, ...once]) => {
	test('a time that the clocks skip runs right after the gap', () => {
		expect(runs(cron(gap, zone), beforeGap, 2)).toEqual(afterGap);
	});
	test('a time that comes twice runs the first time', () => {
		expect(runs(cron(twice, zone), beforeTwice, 2)).toEqual(once);
	});
});

describe('patterns that go by the passing of time', () => {
	test('run in both passes of an hour that comes twice', () => {
		const rule = cron('*/30 * * * *', 'Europe/London');
		const times = ['2026-10-25T00:30', '2026-10-25T01:00', '2026-10-25T01:30', '2026-10-25T02:00'];
		expect(runs(rule, '2026-10-25T00:00Z', 4)).toEqual(times);
	});
	test('leave out what is skipped', () => {
		const times = ['2026-03-29T00:30', '2026-03-29T01:30', '2026-03-29T02:30'];
		expect(runs(cron('30 * * * *', 'Europe/London'), '2026-03-29T00:00Z', 3)).toEqual(times);
	});
});

test('lists and ranges of hours are fixed times, too', () => {
	const rule = cron('30 1-2 * * *', 'Europe/London');
	expect(runs(rule, '2026-03-28T12:00Z', 2)).toEqual(['2026-03-29T01:00', '2026-03-29T01:30']);
	expect(runs(rule, '2026-10-24T12:00Z', 3)).toEqual(['2026-10-25T00:30', '2026-10-25T02:30', '2026-10-26T01:30']);
});

test('intervals know no zone and no clock: they are counted from their beginning', () => {
	const rule = every(90_000, 5_000);
	expect(nextTimes(rule, 0, 3)).toEqual([95_000, 185_000, 275_000]);
	expect(nextTime(rule, 95_000)).toBe(185_000);
	expect(nextTime(rule, 95_000 + 90_000 * 1e6 - 1)).toBe(95_000 + 90_000 * 1e6);
});

const field = (low: number, high: number) =>
	fc.oneof(
		fc.constant('*'),
		fc.integer({ min: low, max: high }).map(String),
		fc.integer({ min: 2, max: 20 }).map((step) => `*/${step}`),
		fc.tuple(fc.integer({ min: low, max: high }), fc.integer({ min: low, max: high })).map(([a, b]) => `${a},${b}`),
	);
const anyRule = fc
	.tuple(
		field(0, 59),
		field(0, 23),
		fc.constantFrom('*', '1', '15', '*/9'),
		fc.constant('*'),
		fc.constantFrom('*', '1-5', '0', '3'),
		fc.constantFrom(...CHANGES.map(([zone]) => zone)),
	)
	.map(([minute, hour, day, month, week, zone]) => cron([minute, hour, day, month, week].join(' '), zone));

test('times grow, none is left out on the way, and all are whole minutes', () => {
	const from = fc.integer({ min: Date.parse('2026-01-01T00:00Z'), max: Date.parse('2026-12-31T00:00Z') });
	fc.assert(
		fc.property(anyRule, from, (rule, after) => {
			const times = nextTimes(rule, after, 30);
			expect(times).toHaveLength(30);
			for (const [i, at] of times.entries()) {
				expect(at).toBeGreaterThan(times[i - 1] ?? after);
				expect(at % 60_000).toBe(0);
				// Asked from anywhere in between, the answer is the same.
				const middle = Math.floor(((times[i - 1] ?? after) + at) / 2);
				expect(nextTime(rule, Math.max(middle, after))).toBe(at);
			}
		}),
		{ numRuns: 60 },
	);
});
