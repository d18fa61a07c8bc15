import type { Database } from 'better-sqlite3';
import { z } from 'zod';
import { type Happening, prepareHappening } from '../happenings/happening-store.ts';
import type { TaskOrigin } from '../queue/task-origin-store.ts';

/** A result that has become a version of a file, in the transaction that made it one. */
export interface FiledResult {
	ownerSeq: number;
	fileSeq: number;
	version: number;
	/** The file is new, not only its version. */
	created: boolean;
	/** What its first bytes say that it is; null: no type that they tell. */
	mediaType: string | null;
	/** Of the task that put it out. */
	origin: TaskOrigin;
	now: number;
}

const detailSchema = z.object({
	version: z.number().int(),
	event: z.enum(['upload', 'update']),
	mediaType: z.string().nullable(),
	lineage: z.array(z.number()),
});

/** Tells of a filed result inside the transaction that files it, so that triggers can follow from it. */
export const prepareTellFiled = (db: Database): ((filed: FiledResult) => void) => {
	const tell = prepareHappening(db);
	return ({ ownerSeq, fileSeq, version, created, mediaType, origin, now }) => {
		const lineage = origin.triggerSeq === null ? [...origin.lineage] : [...origin.lineage, origin.triggerSeq];
		const detail = { version, event: created ? ('upload' as const) : ('update' as const), mediaType, lineage };
		tell({ at: now, kind: 'file.filed', ownerSeq, ref: fileSeq, detail });
	};
};

/** What is told; null for what says nothing that can be followed. */
export const readFiled = ({ ref, detail }: Happening) => {
	const parsed = detailSchema.safeParse(detail);
	return parsed.success && ref !== null ? { ...parsed.data, fileSeq: ref, isSniffed: true } : null;
};
