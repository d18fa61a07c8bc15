import { expect, it } from 'vitest';
import { longest, seriesOf, waitsByClass } from './what-if-figures.ts';

const waits = (tasks: number, p50Ms: number) => ({
	...{ tasks, started: tasks, p50Ms, p90Ms: p50Ms, p95Ms: 2 * p50Ms, p99Ms: p50Ms, meanMs: p50Ms, mostMs: p50Ms },
});
const side = (tasks: number, p50Ms: number) => ({ waits: waits(tasks, p50Ms), costMs: 1, jain: 1, people: 1 });

it('has the changed class first, then those with most tasks', () => {
	const classes = [
		{ name: 'few', before: side(1, 10), after: side(1, 20) },
		{ name: 'many', before: side(9, 30), after: side(9, 5) },
		{ name: 'lab', before: side(2, 40), after: side(2, 80) },
	];
	const rows = waitsByClass({ classes }, 'lab');
	expect(rows.map(({ name }) => name)).toEqual(['lab', 'many', 'few']);
	expect(rows[0]).toEqual({ name: 'lab', tasks: 2, p50: { before: 40, after: 80 }, p95: { before: 80, after: 160 } });
	expect(longest(rows.map(({ p50 }) => p50))).toBe(80);
	expect(longest([])).toBe(1);
});

it('draws the line of the changed class and the slots of every group over the time that was asked for', () => {
	const series = {
		bucketMs: 60_000,
		depth: [
			{ serviceClass: 'other', before: [9], after: [9] },
			{ serviceClass: 'lab', before: [1, 2], after: [3, 4] },
		],
		used: [{ group: 'normal', before: [0.5, 1], after: [0.25, 0.5] }],
	};
	const drawn = seriesOf({ from: '2026-03-01T00:00:00.000Z', series }, 'lab', ['before', 'after']);
	expect(drawn.depth.map(({ name }) => name)).toEqual(['lab']);
	const start = Date.parse('2026-03-01T00:00:00Z') / 1_000;
	expect(drawn.depth[0]!.data.times).toEqual([start, start + 60]);
	expect(drawn.used[0]!.data.series.map(({ values }) => values)).toEqual([
		[0.5, 1],
		[0.25, 0.5],
	]);
});
