import fc from 'fast-check';
import { expect, test } from 'vitest';
import { layTimeline, type TimelineSpan, ticksOf, timelineSummary } from './timeline-layout.ts';

const span = (id: string, from: number, until: number | null, state = 'Done'): TimelineSpan => ({
	...{ id, word: 'md5', state, color: 'teal', from, until },
});
const WINDOW = { from: 1_000, until: 2_000, mostLanes: 4 };

test('what overlaps lies in lanes of its own, what follows uses a lane again', () => {
	const { placed, lanes } = layTimeline(
		[span('c', 1_600, null), span('a', 900, 1_500), span('b', 1_200, 1_400)],
		WINDOW,
	);
	expect(placed.map(({ span: { id }, lane, x, width }) => [id, lane, x, width])).toEqual([
		['a', 0, 0, 0.5],
		['b', 1, 0.2, 0.2],
		['c', 0, 0.6, 0.4],
	]);
	expect(lanes).toBe(2);
});

test('what is elsewhere in time is left out, what has no room is counted', () => {
	const many = Array.from({ length: 9 }, (_, at) => span(`m${at}`, 1_100, 1_900));
	const { placed, lanes, hidden } = layTimeline([...many, span('old', 1, 999), span('new', 2_000, null)], WINDOW);
	expect([placed.length, lanes, hidden]).toEqual([4, 4, 5]);
	expect(layTimeline([], WINDOW)).toEqual({ placed: [], lanes: 0, hidden: 0 });
});

test('whatever lasted how long, nothing lies on something else or beyond the edge', () => {
	const anySpan = fc.record({
		from: fc.integer({ min: 0, max: 3_000 }),
		took: fc.option(fc.integer({ min: 0, max: 900 })),
	});
	fc.assert(
		fc.property(fc.array(anySpan, { maxLength: 30 }), (given) => {
			const spans = given.map(({ from, took }, at) => span(String(at), from, took === null ? null : from + took));
			const { placed } = layTimeline(spans, { ...WINDOW, mostLanes: 30 });
			for (const [at, one] of placed.entries()) {
				expect(one.x).toBeGreaterThanOrEqual(0);
				expect(one.x + one.width).toBeLessThanOrEqual(1.000001);
				expect(one.width).toBeGreaterThan(0);
				for (const other of placed.slice(at + 1)) {
					if (other.lane === one.lane) expect(other.x).toBeGreaterThanOrEqual(one.x + one.width - 0.003001);
				}
			}
		}),
		{ numRuns: 200 },
	);
});

test('ticks are round times, a handful', () => {
	const hour = ticksOf(Date.UTC(2026, 0, 1, 8, 7), Date.UTC(2026, 0, 1, 9, 7));
	expect(hour.map(({ at }) => new Date(at).getUTCMinutes())).toEqual([10, 20, 30, 40, 50, 0]);
	for (const length of [1, 5_000, 86_400_000, 400 * 86_400_000]) {
		expect(ticksOf(0, length).length).toBeLessThanOrEqual(9);
	}
});

test('a sentence says what is there', () => {
	const what = (count: number) => `${count} attempts`;
	expect(timelineSummary([span('a', 0, 1), span('b', 0, 1), span('c', 0, 1, 'Lost')], what)).toBe(
		'3 attempts: 2 done, 1 lost.',
	);
	expect(timelineSummary([], what)).toBe('0 attempts.');
});
