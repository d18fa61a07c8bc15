import { type History, RESOLUTIONS } from '../../../shared/protocol/history.ts';
import type { ChartData, Series } from '../../kit/charts/series.ts';
import { words } from './words.ts';

interface Pick {
	measure: string;
	name: string;
	color: Series['color'];
	/** Also the most of each minute or hour, where that is not the value itself. */
	withMost?: boolean;
}

/** A gap of more steps than so many is shown as one. */
const MOST_MISSING = 3;

/** Some measures of a history as the lines of a chart; where nothing was measured there is nothing. */
export const chartOf = ({ times, measures, resolution }: History, picks: readonly Pick[]): ChartData => {
	const stepMs = RESOLUTIONS[resolution].stepMs;
	const at = times.map((time) => Date.parse(time));
	// Each place of the answer, and null where a gap begins.
	const places: (number | null)[] = [];
	const shownTimes: number[] = [];
	for (const [place, time] of at.entries()) {
		const before = at[place - 1];
		if (before !== undefined && time - before > MOST_MISSING * stepMs) {
			places.push(null);
			shownTimes.push((before + stepMs) / 1_000);
		}
		places.push(place);
		shownTimes.push(time / 1_000);
	}
	const line = (name: string, color: Series['color'], column: readonly (number | null)[]): Series => ({
		...{ name, color },
		values: places.map((place) => (place === null ? null : (column[place] ?? null))),
	});
	const series = picks.flatMap(({ measure, name, color, withMost }) => {
		const column = measures[measure];
		if (column === undefined || column.mean.every((value) => value === null)) return [];
		return [
			line(name, color, column.mean),
			...(withMost && column.most ? [line(words.highest(name), 'orange', column.most)] : []),
		];
	});
	return { times: shownTimes, series };
};

/** All that the charts show, as it is asked for. */
export const CHARTED = [
	...['cpuLoad', 'gpuLoad', 'memoryUsedBytes', 'gpuMemoryUsedBytes'],
	...['networkInBytesPerSecond', 'networkOutBytesPerSecond', 'running'],
].join();
