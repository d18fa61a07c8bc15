const BARS = '▁▂▃▄▅▆▇█';

/** Means of as many pieces as there are columns; null for a piece in which there is nothing. */
const pieces = (values: readonly (number | null)[], columns: number): (number | null)[] => {
	if (values.length <= columns) return [...values];
	return Array.from({ length: columns }, (_, i) => {
		const from = Math.floor((i * values.length) / columns);
		const there = values.slice(from, Math.floor(((i + 1) * values.length) / columns)).filter((one) => one !== null);
		return there.length === 0 ? null : there.reduce((sum, one) => sum + one, 0) / there.length;
	});
};

/** One line of bars from nothing to the most of them; a gap where nothing is known. */
export const sparkline = (values: readonly (number | null)[], columns: number): string => {
	const shown = pieces(values, columns);
	const most = Math.max(0, ...shown.map((value) => value ?? 0));
	return shown
		.map((value) => {
			if (value === null) return ' ';
			const level = most === 0 ? 0 : Math.round((Math.max(0, value) / most) * (BARS.length - 1));
			return BARS[level];
		})
		.join('');
};
