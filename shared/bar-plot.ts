import {
	BOTTOM,
	colourOf,
	escaped,
	framed,
	HEIGHT,
	INNER_WIDTH,
	LEFT,
	shortNumber,
	ticksUpTo,
	yOf,
} from './plot-frame.ts';

/** Groups of bars side by side, each with its value above it, as SVG. */
export const barPlot = (plot: {
	title: string;
	xLabel: string;
	yLabel: string;
	/** What the bars of each group stand for. */
	series: readonly string[];
	groups: readonly { name: string; values: readonly number[] }[];
}): string => {
	const { title, xLabel, yLabel, series, groups } = plot;
	const ticks = ticksUpTo(Math.max(0, ...groups.flatMap(({ values }) => [...values])));
	const legend = series.map((name, i) => ({ name, colour: colourOf(i) }));
	const room = INNER_WIDTH / Math.max(1, groups.length);
	const width = Math.min(48, (room * 0.8) / Math.max(1, series.length));
	const bars = groups.map(({ name, values }, at) => {
		const middle = LEFT + room * (at + 0.5);
		const drawn = values.map((value, i) => {
			const x = middle + (i - values.length / 2) * width;
			const y = yOf(value, ticks);
			const height = Math.max(0, yOf(0, ticks) - y);
			return `<rect x="${x.toFixed(1)}" y="${y.toFixed(1)}" width="${(width * 0.92).toFixed(1)}" height="${height.toFixed(1)}" fill="${colourOf(i)}"/><text x="${(x + width * 0.46).toFixed(1)}" y="${(y - 4).toFixed(1)}" text-anchor="middle" font-size="10">${shortNumber(value)}</text>`;
		});
		const most = Math.max(4, Math.floor(room / 6.2));
		const short = name.length > most ? `${name.slice(0, most - 1)}…` : name;
		return `${drawn.join('')}<text x="${middle.toFixed(1)}" y="${HEIGHT - BOTTOM + 16}" text-anchor="middle">${escaped(short)}</text>`;
	});
	return framed({ title, xLabel, yLabel, ticks, legend }, bars.join('\n'));
};
