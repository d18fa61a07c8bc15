import type { Json } from '../../shared/protocol/json.ts';

/** A result has at most 64 KiB as JSON; a list in it takes half of that, so that there is room for all else. */
const MOST_BYTES = 32 * 1024;

/** As many of the first as fit into a result; the rest belongs into an output. */
export const firstThatFit = <T extends Json>(items: readonly T[], most = items.length): T[] => {
	let bytes = 0;
	const fitting: T[] = [];
	for (const item of items.slice(0, most)) {
		bytes += Buffer.byteLength(JSON.stringify(item)) + 1;
		if (bytes > MOST_BYTES) break;
		fitting.push(item);
	}
	return fitting;
};
