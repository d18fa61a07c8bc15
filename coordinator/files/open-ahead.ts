/** Opened before their turn: opening is what small files cost, and more than these make nothing faster (measured). */
const AHEAD = 8;

/**
 * Opens things in order, the next ones while one is worked on. However it ends, also when nobody asks for more, all that
 * was opened and not handed out is closed; what was handed out is closed by whoever has it.
 */
export async function* openAhead<T, O>(
	things: AsyncIterable<T>,
	open: (thing: T) => Promise<O>,
	close: (opened: O) => Promise<void>,
): AsyncGenerator<{ thing: T; opened: O }> {
	const iterator = things[Symbol.asyncIterator]();
	const waiting: { thing: T; opening: Promise<O> }[] = [];
	let isOver = false;
	try {
		for (;;) {
			while (!isOver && waiting.length < AHEAD) {
				const next = await iterator.next();
				if (next.done) isOver = true;
				else {
					const opening = open(next.value);
					// Its failure comes out when it is its turn.
					opening.catch(() => {});
					waiting.push({ thing: next.value, opening });
				}
			}
			const first = waiting.shift();
			if (!first) return;
			yield { thing: first.thing, opened: await first.opening };
		}
	} finally {
		await Promise.allSettled([...waiting.map(async ({ opening }) => close(await opening)), iterator.return?.()]);
	}
}
