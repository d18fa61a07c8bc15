/** One line of a chart. */
export interface Series {
	name: string;
	/** One of the theme's colours; lines differ by their dashes as well. */
	color: 'indigo' | 'teal' | 'orange' | 'grape' | 'red' | 'gray';
	/** One value a time; null where nothing is known. */
	values: readonly (number | null)[];
}

/** Lines over the same times. */
export interface ChartData {
	/** Unix time in seconds, ascending. */
	times: readonly number[];
	series: readonly Series[];
}

/** What a chart shows, in a sentence for each line: the last, the least, the greatest. */
export const summaryOf = ({ series }: ChartData, format: (value: number) => string): string[] =>
	series.map(({ name, values }) => {
		const known = values.filter((value) => value !== null);
		const last = known.at(-1);
		if (last === undefined) return `${name}: nothing is known.`;
		const [least, greatest] = [Math.min(...known), Math.max(...known)];
		if (least === greatest) return `${name}: ${format(last)} throughout.`;
		return `${name}: ${format(last)} now, between ${format(least)} and ${format(greatest)}.`;
	});
