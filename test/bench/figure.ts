/** One number that a benchmark found in one run. */
export interface Figure {
	what: string;
	unit: string;
	value: number;
	/** What the number must reach; a figure without one is there for comparison. */
	bar?: { least: number } | { most: number };
}

/** One thing that is measured. `scale` 1 is the size that the bar is about; less is a short look. */
export interface Benchmark {
	name: string;
	title: string;
	run(options: { scale: number }): Promise<Figure[]>;
}

/** Why something could not be measured here: listed, never passed silently. */
export class NotMeasured extends Error {}

/** The middle of the values; for an even number of them the mean of the two in the middle. */
export const median = (values: readonly number[]): number => {
	const sorted = [...values].sort((a, b) => a - b);
	const middle = sorted.length >> 1;
	if (sorted.length === 0) throw new Error('no values');
	if (sorted.length % 2 === 1) return sorted[middle] as number;
	return ((sorted[middle - 1] as number) + (sorted[middle] as number)) / 2;
};

/** The smallest value that at least `share` (0 to 1) of the values do not exceed. */
export const percentile = (values: readonly number[], share: number): number => {
	const sorted = [...values].sort((a, b) => a - b);
	const found = sorted[Math.max(0, Math.ceil(sorted.length * share) - 1)];
	if (found === undefined) throw new Error('no values');
	return found;
};

/** p50, p99 and the worst of latencies in milliseconds. */
export const latencyFigures = (
	what: string,
	values: readonly number[],
	bars: { p50?: number; p99?: number } = {},
): Figure[] => [
	{
		what: `${what}, p50`,
		unit: 'ms',
		value: percentile(values, 0.5),
		...(bars.p50 === undefined ? {} : { bar: { most: bars.p50 } }),
	},
	{
		what: `${what}, p99`,
		unit: 'ms',
		value: percentile(values, 0.99),
		...(bars.p99 === undefined ? {} : { bar: { most: bars.p99 } }),
	},
	{ what: `${what}, worst`, unit: 'ms', value: percentile(values, 1) },
];
