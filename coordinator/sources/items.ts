import { z } from 'zod';
import type { SourceItem } from '../../shared/protocol/source.ts';
import { readCursor, writeCursor } from '../files/cursor.ts';
import { linesOf, parseItem } from '../source-runs/item-line.ts';
import { timeOfPart } from '../source-runs/part-path.ts';
import type { PartRow } from './find-store.ts';
import { itemViewOf } from './item-view.ts';

/** Where a page begins: in this part, before this line. */
const placeSchema = z.object({ path: z.string().max(100), line: z.number().int().min(0) });
type Place = z.infer<typeof placeSchema>;

const PARTS_AT_ONCE = 20;
/** A page is short when more than this would have to be read for it. */
const MOST_READ = 16 * 1024 * 1024;

export interface ItemParts {
	/** Newest first, from this path on down. */
	list(from: string | null, limit: number): Promise<PartRow[]>;
	read(part: PartRow): Promise<Buffer>;
}

/** A page of what a source has brought, newest first: parts from the newest on, and each from its end. */
export const readItems = async (
	parts: ItemParts,
	{ limit, cursor }: { limit: number; cursor?: string | undefined },
): Promise<{ items: SourceItem[]; nextCursor: string | null }> => {
	const items: SourceItem[] = [];
	let place: Place | null = readCursor(cursor, placeSchema);
	let read = 0;
	for (;;) {
		const found = await parts.list(place?.path ?? null, PARTS_AT_ONCE);
		for (const part of found) {
			const foundAt = timeOfPart(part.path);
			if (foundAt === null) continue;
			const end: number = place?.path === part.path ? place.line : Number.POSITIVE_INFINITY;
			if (end === 0) continue;
			if (items.length === limit || read > MOST_READ) {
				return { items, nextCursor: writeCursor(place ?? { path: part.path, line: 0 }) };
			}
			const lines = linesOf(await parts.read(part));
			read += part.size;
			let line = Math.min(end, lines.length);
			while (line > 0 && items.length < limit) {
				line -= 1;
				const item = parseItem(lines[line] as string);
				if (item) items.push(itemViewOf(item, { foundAt, datasetVersion: part.datasetVersion }));
			}
			place = { path: part.path, line };
		}
		if (found.length < PARTS_AT_ONCE) break;
		const last = found.at(-1) as PartRow;
		// A whole page of what is no part: on below it.
		if (place === null || place.path > last.path) place = { path: last.path, line: 0 };
	}
	const isOver = place === null || place.line === 0;
	return { items, nextCursor: isOver ? null : writeCursor(place) };
};
