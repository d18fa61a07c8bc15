import type { History } from '../../../shared/protocol/history.ts';
import type { ChartData, Series } from './series.ts';

/** Points that a chart is drawn with: more than so many only blur. */
const MOST_POINTS = 180;

/** A measure as a line. */
export interface HistoryLine extends Pick<Series, 'name' | 'color'> {
	measure: string;
}

/** The mean of what is known of each group of values; null where nothing is. */
const foldMean = (values: readonly (number | null)[], size: number): (number | null)[] => {
	const folded: (number | null)[] = [];
	for (let at = 0; at < values.length; at += size) {
		let sum = 0;
		let known = 0;
		for (let i = at; i < Math.min(values.length, at + size); i += 1) {
			const value = values[i] ?? null;
			if (value === null) continue;
			sum += value;
			known += 1;
		}
		folded.push(known === 0 ? null : sum / known);
	}
	return folded;
};

/** Measures of a history as a chart has them: of long ones the means of neighbouring times. */
export const chartOf = (history: History, lines: readonly HistoryLine[]): ChartData => {
	const size = Math.max(1, Math.ceil(history.times.length / MOST_POINTS));
	const times = history.times.filter((_, at) => at % size === 0).map((at) => Date.parse(at) / 1_000);
	const series = lines.map(({ measure, name, color }) => ({
		...{ name, color },
		values: foldMean(history.measures[measure]?.mean ?? [], size),
	}));
	return { times, series };
};

/** How many there were of something that is measured by the second, over the whole history. */
export const countOf = ({ measures, resolution }: History, measure: string): number => {
	const seconds = { second: 1, minute: 60, hour: 3_600 }[resolution];
	const sum = (measures[measure]?.mean ?? []).reduce<number>((total, value) => total + (value ?? 0), 0);
	return Math.round(sum * seconds);
};
