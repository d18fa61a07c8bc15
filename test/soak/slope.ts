/** A value at a time; both in whatever unit the caller likes. */
export interface Point {
	at: number;
	value: number;
}

const mean = (values: readonly number[]): number => values.reduce((sum, value) => sum + value, 0) / values.length;

/**
 * By how much the value grows for one unit of time, by least squares; each group has a level of its own, so that what is
 * lost or won between them counts for nothing. Null when no group has two points at different times.
 */
export const slopeWithin = (groups: readonly (readonly Point[])[]): number | null => {
	let [both, square] = [0, 0];
	for (const points of groups) {
		if (points.length < 2) continue;
		const [at, level] = [mean(points.map((point) => point.at)), mean(points.map(({ value }) => value))];
		for (const point of points) {
			both += (point.at - at) * (point.value - level);
			square += (point.at - at) ** 2;
		}
	}
	return square === 0 ? null : both / square;
};
