/** Mid-tones that can be told apart on white and on black, also by those who see red and green alike. */
const COLOURS = ['#3f8fd2', '#e08214', '#7b6fd0', '#2f9e76', '#d4518b', '#8c8c8c', '#b8860b', '#5aa9a9'];

export const colourOf = (index: number): string => COLOURS[index % COLOURS.length]!;

export const WIDTH = 720;
export const HEIGHT = 300;
export const LEFT = 70;
export const RIGHT = 16;
export const TOP = 44;
export const BOTTOM = 46;
export const INNER_WIDTH = WIDTH - LEFT - RIGHT;
export const INNER_HEIGHT = HEIGHT - TOP - BOTTOM;

const ENTITIES: Record<string, string> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;', "'": '&#39;' };

/** For text and attributes of HTML and SVG. */
export const escaped = (text: string): string => text.replace(/[&<>"']/g, (sign) => ENTITIES[sign]!);

/** A number as short as a plot needs it. */
export const shortNumber = (value: number): string => {
	const size = Math.abs(value);
	if (size >= 1e9) return `${trimmed(value / 1e9)} G`;
	if (size >= 1e6) return `${trimmed(value / 1e6)} M`;
	if (size >= 1e4) return `${trimmed(value / 1e3)} k`;
	return trimmed(value);
};

const trimmed = (value: number): string => String(Number(value.toPrecision(3)));

/** Round values from zero up that cover the largest, four or five of them. */
export const ticksUpTo = (most: number): number[] => {
	if (!(most > 0)) return [0, 1];
	const rough = most / 4;
	const power = 10 ** Math.floor(Math.log10(rough));
	const step = ([1, 2, 2.5, 5, 10].find((one) => one * power >= rough) ?? 10) * power;
	const count = Math.ceil(most / step - 1e-9);
	return Array.from({ length: count + 1 }, (_, i) => i * step);
};

export interface Frame {
	title: string;
	/** With their units. */
	xLabel: string;
	yLabel: string;
	/** Of the vertical axis, from zero. */
	ticks: readonly number[];
	/** Names of what is drawn, in the order of the colours; dashed ones are marked. */
	legend: readonly { name: string; colour: string; dashed?: boolean }[];
}

export const yOf = (value: number, ticks: readonly number[]): number =>
	TOP + INNER_HEIGHT * (1 - value / (ticks.at(-1) ?? 1));

const LEGEND_ROW = 16;

/** Names beside each other, in a new row where one would not fit. */
const legendPlaces = (names: readonly string[]): { x: number; row: number }[] => {
	let [x, row] = [LEFT, 0];
	return names.map((name) => {
		const width = 34 + name.length * 6.6;
		if (x > LEFT && x + width > WIDTH) [x, row] = [LEFT, row + 1];
		const place = { x, row };
		x += width;
		return place;
	});
};

/** Title, axes, grid and legend around what is drawn. Its own style makes it legible on light and on dark. */
export const framed = (frame: Frame, drawn: string): string => {
	const { title, xLabel, yLabel, ticks, legend } = frame;
	const grid = ticks.map((tick) => {
		const y = yOf(tick, ticks).toFixed(1);
		return `<line x1="${LEFT}" x2="${WIDTH - RIGHT}" y1="${y}" y2="${y}" stroke="currentColor" stroke-opacity="${tick === 0 ? 0.7 : 0.15}"/><text x="${LEFT - 6}" y="${y}" dy="0.32em" text-anchor="end">${shortNumber(tick)}</text>`;
	});
	const places = legendPlaces(legend.map(({ name }) => name));
	// More rows of names make the picture higher, above what is drawn.
	const above = (places.at(-1)?.row ?? 0) * LEGEND_ROW;
	const names = legend.map(({ name, colour, dashed }, i) => {
		const { x: at, row } = places[i]!;
		const y = 32 - above + row * LEGEND_ROW;
		return `<line x1="${at}" x2="${at + 18}" y1="${y}" y2="${y}" stroke="${colour}" stroke-width="3"${dashed ? ' stroke-dasharray="4 3"' : ''}/><text x="${at + 22}" y="${y}" dy="0.32em">${escaped(name)}</text>`;
	});
	const middle = TOP + INNER_HEIGHT / 2;
	return `<svg xmlns="http://www.w3.org/2000/svg" class="plot" viewBox="0 ${-above} ${WIDTH} ${HEIGHT + above}" role="img" aria-label="${escaped(title)}" font-family="system-ui, sans-serif" font-size="11" fill="currentColor">
<style>.plot { color: #333 } @media (prefers-color-scheme: dark) { .plot { color: #ccc } }</style>
<text x="${LEFT}" y="${15 - above}" font-size="13" font-weight="600">${escaped(title)}</text>
${names.join('')}
${grid.join('\n')}
<text x="${LEFT + INNER_WIDTH / 2}" y="${HEIGHT - 8}" text-anchor="middle">${escaped(xLabel)}</text>
<text transform="translate(14 ${middle}) rotate(-90)" text-anchor="middle">${escaped(yLabel)}</text>
${drawn}
</svg>
`;
};
