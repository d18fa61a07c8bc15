/**
 * Milliseconds to wait before try number `tries` + 1: uniformly random up to an exponentially growing bound ("full
 * jitter"), so that many who failed together do not come back together.
 */
export const fullJitterBackoff = (
	bounds: { firstMs: number; mostMs: number },
	tries: number,
	random: () => number = Math.random,
): number => {
	const bound = Math.min(bounds.mostMs, bounds.firstMs * 2 ** Math.min(Math.max(tries - 1, 0), 30));
	return Math.round(bound * random());
};
