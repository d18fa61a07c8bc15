import { setTimeout as pause } from 'node:timers/promises';

/**
 * Asks again and again until the probe gives something other than `undefined` or `false`. For what sends no signal only;
 * a signal is better. After `withinMs` it throws with what was seen last. An error in the probe counts as "not yet".
 */
export const waitFor = async <T>(
	what: string,
	probe: () => T | Promise<T>,
	options: { withinMs?: number; lastSeen?: () => unknown } = {},
): Promise<Exclude<T, undefined | false>> => {
	const withinMs = options.withinMs ?? 60_000;
	const deadline = performance.now() + withinMs;
	let wait = 5;
	let last: unknown;
	for (;;) {
		try {
			const seen = await probe();
			if (seen !== undefined && seen !== false) return seen as Exclude<T, undefined | false>;
			last = options.lastSeen?.() ?? seen;
		} catch (error) {
			last = error;
		}
		if (performance.now() > deadline) {
			const seen = last instanceof Error ? last.message : JSON.stringify(last);
			throw new Error(`waited ${withinMs} ms for ${what}; last seen: ${seen}`, { cause: last });
		}
		await pause(wait);
		wait = Math.min(wait * 1.5, 250);
	}
};
