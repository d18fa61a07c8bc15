import {
	BOTTOM,
	colourOf,
	type Frame,
	framed,
	HEIGHT,
	INNER_WIDTH,
	LEFT,
	shortNumber,
	ticksUpTo,
	yOf,
} from './plot-frame.ts';

export interface Line {
	name: string;
	/** At equal distances over the whole width, each the mean of its piece. */
	values: readonly number[];
	dashed?: boolean;
	/** Takes the colour of the line of that index; its own unless told. */
	colour?: number;
}

/** A mark of the horizontal axis: where, from 0 to 1, and what stands there. */
export interface Tick {
	share: number;
	text: string;
}

/** Lines over a common horizontal axis that goes from zero to `xMost`, as SVG. */
export const linePlot = (plot: {
	title: string;
	xLabel: string;
	xMost: number;
	/** In place of round numbers from zero to `xMost`. */
	xTicks?: readonly Tick[];
	yLabel: string;
	lines: readonly Line[];
}): string => {
	const { title, xLabel, yLabel, xMost, lines } = plot;
	const ticks = ticksUpTo(Math.max(0, ...lines.flatMap(({ values }) => [...values])));
	const look = lines.map(({ name, dashed = false, colour }, i) => ({ name, dashed, colour: colourOf(colour ?? i) }));
	const paths = lines.map(({ values }, i) => {
		const points = values.map((value, at) => {
			const x = LEFT + (INNER_WIDTH * (at + 0.5)) / values.length;
			return `${x.toFixed(1)},${yOf(value, ticks).toFixed(1)}`;
		});
		const { colour, dashed } = look[i]!;
		return `<polyline fill="none" stroke="${colour}" stroke-width="1.6"${dashed ? ' stroke-dasharray="4 3"' : ''} points="${points.join(' ')}"/>`;
	});
	const frame: Frame = { title, xLabel, yLabel, ticks, legend: look };
	return framed(frame, [...(plot.xTicks ?? roundTicks(xMost)).map(drawTick), ...paths].join('\n'));
};

const roundTicks = (most: number): Tick[] =>
	ticksUpTo(most)
		.filter((tick) => tick <= most * 1.0001)
		.map((tick) => ({ share: tick / (most || 1), text: shortNumber(tick) }));

const drawTick = ({ share, text }: Tick): string =>
	`<text x="${(LEFT + INNER_WIDTH * share).toFixed(1)}" y="${HEIGHT - BOTTOM + 16}" text-anchor="middle">${text}</text>`;
