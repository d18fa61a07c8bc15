import { writeFile } from 'node:fs/promises';
import type { JsonObject, TaskContext } from '../task-module.ts';

/** One thing that a source has brought: its key tells it from all others, and comes first with when it was made. */
export interface SourceItem extends JsonObject {
	key: string;
	/** ISO 8601; null: its source does not say. */
	at: string | null;
}

/** What a run of a source answers. The coordinator keeps the cursor and gives it to the next run. */
export interface SourceAnswer extends JsonObject {
	cursor: JsonObject;
	items: number;
	/** There is more than may be read at a time. */
	more: boolean;
	/** For the source’s owner; null: nothing to say. */
	note: string | null;
}

/** As it stands in `items.jsonl`. */
export const lineOf = (item: SourceItem): string => `${JSON.stringify(item)}\n`;

/** The output `items.jsonl`, one a line; none when there is nothing new. */
export const writeItems = async (context: TaskContext, items: readonly SourceItem[]): Promise<void> => {
	if (items.length === 0) return;
	await writeFile(await context.output('items.jsonl', 'application/x-ndjson'), items.map(lineOf).join(''));
};

/** At most so many items: as the parameters say, and as the source has left. */
export const mostItems = ({ source }: TaskContext, asked: number): number => Math.min(asked, source?.left ?? asked);
