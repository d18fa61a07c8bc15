/** Acts on each, so many at once. When one fails no more are begun, and it throws when those under way have ended. */
export const eachOf = async <T>(
	items: readonly T[],
	atOnce: number,
	act: (item: T, at: number) => Promise<void>,
): Promise<void> => {
	let next = 0;
	const run = async (): Promise<void> => {
		while (next < items.length) {
			const at = next++;
			try {
				await act(items[at]!, at);
			} catch (error) {
				next = items.length;
				throw error;
			}
		}
	};
	const ended = await Promise.allSettled(Array.from({ length: Math.min(atOnce, items.length) }, run));
	for (const end of ended) if (end.status === 'rejected') throw end.reason;
};
