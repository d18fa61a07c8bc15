import { isWithinBounds } from '../../shared/json-bounds.ts';

/** Characters of one item. */
const MOST_LINE = 256 * 1024;
const MOST_KEY = 1_000;
const BOUNDS = { depth: 8, values: 2_000 };
/** The other work of the event loop has its turn after so many bytes. */
const AT_ONCE = 128 * 1024;

/** A line of `items.jsonl`, as far as it can be relied on: all else in it is whatever somebody outside wrote. */
export interface ItemLine {
	key: string;
	[name: string]: unknown;
}

/** Null when the line is no item. */
export const parseItem = (line: string): ItemLine | null => {
	if (line.length > MOST_LINE) return null;
	try {
		const value: unknown = JSON.parse(line);
		if (typeof value !== 'object' || value === null || Array.isArray(value) || !isWithinBounds(value, BOUNDS))
			return null;
		const { key } = value as { key?: unknown };
		return typeof key === 'string' && key !== '' && key.length <= MOST_KEY ? (value as ItemLine) : null;
	} catch {
		return null;
	}
};

/** Lines that are not empty. */
export const linesOf = (content: Buffer): string[] =>
	content
		.toString('utf8')
		.split('\n')
		.filter((line) => line !== '');

/** What a run has brought, as it is here; `trouble` says why it cannot be taken. */
export interface Brought {
	items: number;
	trouble: string | null;
}

/** Counts anew what an agent says that it has brought. */
export const countItems = async (content: Buffer): Promise<Brought> => {
	let items = 0;
	let bytes = 0;
	for (const line of linesOf(content)) {
		if (!parseItem(line)) return { items, trouble: `line ${items + 1} is no item` };
		items += 1;
		bytes += line.length;
		if (bytes < AT_ONCE) continue;
		bytes = 0;
		await new Promise((resolve) => setImmediate(resolve));
	}
	return { items, trouble: null };
};
