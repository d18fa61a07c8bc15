import type { Comparison } from '../../../shared/protocol/what-if.ts';
import type { ChartData } from '../../kit/charts/series.ts';

/** Charts of groups of nodes that are shown; the answer itself has 20 at most. */
const MOST_GROUPS = 4;
/** Classes that have a row in the table and one chart. */
const MOST_CLASSES = 12;

export interface BeforeAfter {
	before: number;
	after: number;
}

export interface ClassWaits {
	name: string;
	tasks: number;
	p50: BeforeAfter;
	p95: BeforeAfter;
}

/** Waits by class, the one that was changed first, then those with most tasks. */
export const waitsByClass = ({ classes }: Pick<Comparison, 'classes'>, changed: string): ClassWaits[] =>
	classes
		.map(({ name, before, after }) => ({
			name,
			tasks: before.waits.tasks,
			p50: { before: before.waits.p50Ms, after: after.waits.p50Ms },
			p95: { before: before.waits.p95Ms, after: after.waits.p95Ms },
		}))
		.sort((a, b) => Number(b.name === changed) - Number(a.name === changed) || b.tasks - a.tasks)
		.slice(0, MOST_CLASSES);

/** The longest of all bars, which is as wide as there is room. */
export const longest = (pairs: readonly BeforeAfter[]): number =>
	Math.max(1, ...pairs.flatMap(({ before, after }) => [before, after]));

interface Drawn {
	name: string;
	data: ChartData;
}

const drawn = (
	name: string,
	{ before, after }: { before: readonly number[]; after: readonly number[] },
	{ from, bucketMs, names }: { from: string; bucketMs: number; names: readonly [string, string] },
): Drawn => {
	const start = Date.parse(from);
	const times = Array.from(
		{ length: Math.max(before.length, after.length) },
		(_, at) => (start + at * bucketMs) / 1_000,
	);
	return {
		name,
		data: {
			times,
			series: [
				{ name: names[0], color: 'gray', values: before },
				{ name: names[1], color: 'indigo', values: after },
			],
		},
	};
};

/** How long the line of the class was, and how many slots were in use, before and after. */
export const seriesOf = (
	{ from, series }: { from: string; series: Comparison['series'] },
	changed: string,
	names: readonly [string, string],
): { depth: Drawn[]; used: Drawn[] } => {
	const frame = { from, bucketMs: series.bucketMs, names };
	const depth = series.depth.filter(({ serviceClass }) => serviceClass === changed);
	return {
		depth: depth.map((one) => drawn(one.serviceClass, one, frame)),
		used: series.used.slice(0, MOST_GROUPS).map((one) => drawn(one.group, one, frame)),
	};
};
