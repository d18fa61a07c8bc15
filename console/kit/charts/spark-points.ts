/** The points of a small line from left to right; from zero, so that little looks like little. */
export const sparkPoints = (values: readonly number[], width: number, height: number): string => {
	if (values.length === 0) return '';
	const most = Math.max(1, ...values);
	const step = values.length === 1 ? 0 : (width - 2) / (values.length - 1);
	const y = (value: number) => (height - 1.5 - (value / most) * (height - 3)).toFixed(1);
	const points = values.map((value, at) => `${(1 + at * step).toFixed(1)},${y(value)}`);
	// A single value is a line, too.
	if (values.length === 1) points.push(`${width - 1},${y(values[0]!)}`);
	return points.join(' ');
};
