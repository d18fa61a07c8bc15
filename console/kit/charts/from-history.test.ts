import { expect, test } from 'vitest';
import type { History } from '../../../shared/protocol/history.ts';
import { chartOf, countOf } from './from-history.ts';

const history = (mean: (number | null)[]): History => ({
	...{ resolution: 'second', from: new Date(0).toISOString(), to: new Date(mean.length * 1_000).toISOString() },
	times: mean.map((_, at) => new Date(at * 1_000).toISOString()),
	measures: { outPerSecond: { unit: '1/s', mean } },
});
const LINES = [{ measure: 'outPerSecond', name: 'Out', color: 'teal' as const }];

test('a short history is drawn as it is', () => {
	expect(chartOf(history([1, null, 3]), LINES)).toEqual({
		times: [0, 1, 2],
		series: [{ name: 'Out', color: 'teal', values: [1, null, 3] }],
	});
});

test('a long one is drawn by its means, and what is not known stays unknown', () => {
	const hour = Array.from({ length: 3_600 }, (_, at) => (at < 40 ? null : at % 2));
	const { times, series } = chartOf(history(hour), LINES);
	expect([times.length, times[1]]).toEqual([180, 20]);
	expect(series[0]?.values.slice(0, 3)).toEqual([null, null, 0.5]);
});

test('events are counted over all of it, and what was never measured is none', () => {
	expect(countOf(history([0.4, null, 0.6, 2]), 'outPerSecond')).toBe(3);
	expect(countOf({ ...history([0.5]), resolution: 'minute' }, 'outPerSecond')).toBe(30);
	expect(countOf(history([1]), 'failedLostPerSecond')).toBe(0);
});
