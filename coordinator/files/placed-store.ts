import type { Database } from 'better-sqlite3';
import { z } from 'zod';
import { type Happening, prepareHappening } from '../happenings/happening-store.ts';

const fileSchema = z.object({
	version: z.number().int(),
	event: z.enum(['upload', 'update']),
	/** What the first bytes say; null: they say nothing, or were not looked at. */
	mediaType: z.string().nullable(),
	isSniffed: z.boolean(),
	/** The path that it had before; null: none that counts, so that whatever is for its name may be started. */
	from: z.string().nullable(),
});

/** A file has come to a name otherwise than by an upload that started something: it was moved or copied there, or has settled. */
export interface PlacedFile extends z.infer<typeof fileSchema> {
	ownerSeq: number;
	fileSeq: number;
	now: number;
}

export type PlacedFolder = Pick<PlacedFile, 'ownerSeq' | 'from' | 'now'> & { folderSeq: number };

const folderSchema = z.object({
	from: z.string().nullable(),
	/** How far it has been followed: what comes after this, files first. */
	after: z.tuple([z.enum(['file', 'folder']), z.string()]),
});
export type FolderDetail = z.infer<typeof folderSchema>;

/** Tells of it inside the transaction that places it, so that triggers can follow from it. */
export const prepareTellPlaced = (db: Database) => {
	const tell = prepareHappening(db);
	return {
		file({ ownerSeq, fileSeq, now, ...placed }: PlacedFile): void {
			const { version, event, mediaType, isSniffed, from } = placed;
			const detail = { version, event, mediaType, isSniffed, from };
			tell({ at: now, kind: 'file.placed', ownerSeq, ref: fileSeq, detail });
		},
		/** Stands for all that is in it. */
		folder({ ownerSeq, folderSeq, now, from }: PlacedFolder): void {
			tell({ at: now, kind: 'folder.placed', ownerSeq, ref: folderSeq, detail: { from, after: ['file', ''] } });
		},
	};
};

/** What is told; null for what says nothing that can be followed. */
export const readPlacedFile = ({ ref, detail }: Happening) => {
	const parsed = fileSchema.safeParse(detail);
	return parsed.success && ref !== null ? { ...parsed.data, fileSeq: ref } : null;
};

export const readPlacedFolder = ({ ref, detail }: Happening) => {
	const parsed = folderSchema.safeParse(detail);
	return parsed.success && ref !== null ? { ...parsed.data, folderSeq: ref } : null;
};
