import { expect, test } from 'vitest';
import { metricIn } from './bench-system.ts';
import { latencyFigures, median, percentile } from './figure.ts';
import { Report } from './report.ts';

test('median and percentiles are values that were measured, or the middle of two', () => {
	expect(median([5, 1, 3])).toBe(3);
	expect(median([4, 1])).toBe(2.5);
	const hundred = Array.from({ length: 100 }, (_, i) => 100 - i);
	expect([percentile(hundred, 0.5), percentile(hundred, 0.99), percentile(hundred, 1)]).toEqual([50, 99, 100]);
	expect(() => median([])).toThrow();
});

test('a metric is the sum over its labels, and its absence is an error', () => {
	const text = '# HELP a_total x\na_total{state="ok"} 2\na_total{state="bad {x}"} 3\na_totals 9\nb 1.5e3\n';
	expect([metricIn(text, 'a_total'), metricIn(text, 'b')]).toEqual([5, 1500]);
	expect(() => metricIn(text, 'c')).toThrow(/no metric c/);
});

test('the table shows the median, the spread and whether the bar was reached', () => {
	const report = new Report();
	for (const value of [9_000, 16_000, 21_000]) {
		report.add('t', [{ what: 'tasks', unit: '/s', value, bar: { least: 15_000 } }]);
		report.add('t', latencyFigures('wait', [value / 1_000], { p99: 10 }));
	}
	report.notMeasured.push({ what: 'peer', why: 'not installed' });
	const table = report.table();
	expect(table).toMatch(/\| tasks +\| 16,000 \/s +\| 9,000\.\.21,000 +\| >= 15,000 +\| reached +\|/);
	expect(table).toMatch(/\| wait, p99 +\| 16\.0 ms +\| 9\.00\.\.21\.0 +\| <= 10\.0 +\| MISSED +\|/);
	expect(table).toMatch(/NOT MEASURED: peer: not installed$/);
});
