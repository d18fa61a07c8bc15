import type { InfiniteData } from '@tanstack/react-query';

/** One page of a list, as the server answers it. */
export interface Page<T> {
	items: T[];
	nextCursor: string | null;
}

export type Pages<T> = InfiniteData<Page<T>, unknown>;

/** All rows that have been read, in order. */
export const rowsOf = <T>(pages: Pages<T> | undefined): T[] => pages?.pages.flatMap(({ items }) => items) ?? [];

/** The same pages with rows changed (or taken out, by null). What does not change stays the same object. */
export const mapRows = <T>(pages: Pages<T>, change: (row: T) => T | null): Pages<T> => {
	let changed = false;
	const mapped = pages.pages.map((page) => {
		let pageChanged = false;
		const items: T[] = [];
		for (const row of page.items) {
			const after = change(row);
			if (after !== row) pageChanged = true;
			if (after !== null) items.push(after);
		}
		if (!pageChanged) return page;
		changed = true;
		return { ...page, items };
	});
	return changed ? { ...pages, pages: mapped } : pages;
};

/** The same pages with a row put before the first that is greater. Past the end of what was read it is left out. */
export const insertRow = <T>(pages: Pages<T>, row: T, compare: (a: T, b: T) => number): Pages<T> => {
	for (const [index, page] of pages.pages.entries()) {
		const at = page.items.findIndex((each) => compare(row, each) < 0);
		const last = index === pages.pages.length - 1;
		if (at === -1 && !(last && page.nextCursor === null)) continue;
		const items = at === -1 ? [...page.items, row] : page.items.toSpliced(at, 0, row);
		return { ...pages, pages: pages.pages.with(index, { ...page, items }) };
	}
	return pages;
};
