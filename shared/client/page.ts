import { z } from 'zod';

/** A list as it is answered: some lists are never cut into pages and leave `nextCursor` out. */
export const listOf = <T extends z.ZodType>(item: T) =>
	z.object({ items: z.array(item), nextCursor: z.string().nullable().default(null) });

/** Which page of a list to read: `limit` is 1 to 1000, `cursor` is the previous page's `nextCursor`. */
export interface PageQuery {
	limit?: number;
	cursor?: string;
}

/** Reads a list to its end, page after page. */
export async function* eachItem<T>(
	readPage: (cursor: string | undefined) => Promise<{ items: T[]; nextCursor: string | null }>,
): AsyncGenerator<T> {
	let cursor: string | undefined;
	do {
		const page = await readPage(cursor);
		yield* page.items;
		cursor = page.nextCursor ?? undefined;
	} while (cursor !== undefined);
}
