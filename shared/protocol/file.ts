import { z } from 'zod';
import { idSchema, sha256Schema } from './ids.ts';
import { jsonObjectSchema, pageQuerySchema } from './json.ts';
import { instantSchema, taskStateSchema } from './task.ts';

/** A task in short, as files list them. */
export const fileTaskSchema = z.object({
	id: idSchema('task'),
	type: z.string(),
	state: taskStateSchema,
	version: z.number(),
	progress: z.number().nullable(),
});
export type FileTask = z.infer<typeof fileTaskSchema>;

export const fileSummarySchema = z.object({
	id: idSchema('file'),
	/** Absolute within the owner's tree, NFC, no trailing slash: `/a/b.jpg`. */
	path: z.string(),
	name: z.string(),
	size: z.number(),
	sha256: sha256Schema,
	/** Number of the newest version, from 1. */
	version: z.number(),
	createdAt: instantSchema,
	modifiedAt: instantSchema,
	trashedAt: instantSchema.nullable(),
	facts: jsonObjectSchema,
	thumbnail: z.object({ url: z.string() }).nullable(),
	tasks: z.array(fileTaskSchema),
});
export type FileSummary = z.infer<typeof fileSummarySchema>;

export const fileVersionSchema = z.object({
	number: z.number(),
	size: z.number(),
	sha256: sha256Schema,
	createdAt: instantSchema,
	createdBy: z.string(),
	facts: jsonObjectSchema,
});

export type FileVersion = z.infer<typeof fileVersionSchema>;

export const fileDetailSchema = fileSummarySchema.extend({
	/** The newest ones first, a hundred at most. */
	versions: z.array(fileVersionSchema),
	/** Older ones are at `/files/:id/versions` from this cursor on; null when these are all. */
	versionsCursor: z.string().nullable(),
	/** It came through the drive, and what it starts waits until then, or until the client is done with it before. */
	settlesAt: instantSchema.nullable(),
});
export type FileDetail = z.infer<typeof fileDetailSchema>;

export const folderSchema = z.object({
	id: idSchema('folder'),
	path: z.string(),
	name: z.string(),
	createdAt: instantSchema,
	/** Only in the trash: since when. */
	trashedAt: instantSchema.optional(),
});
export type FolderView = z.infer<typeof folderSchema>;

/** Folders come first, then files, each by name. */
export const folderEntrySchema = z.discriminatedUnion('kind', [
	folderSchema.extend({ kind: z.literal('folder') }),
	fileSummarySchema.extend({ kind: z.literal('file') }),
]);
export type FolderEntry = z.infer<typeof folderEntrySchema>;

export const fileListQuerySchema = pageQuerySchema.extend({
	folder: z.string().max(8192).default('/'),
	/** `true` lists the trash instead of a folder. */
	trash: z.stringbool().default(false),
});

export const uploadAnswerSchema = z.object({
	file: z.object({
		id: idSchema('file'),
		path: z.string(),
		size: z.number(),
		sha256: sha256Schema,
		version: z.number(),
	}),
	tasks: z.array(z.object({ id: idSchema('task'), type: z.string(), state: taskStateSchema })),
});
export type UploadAnswer = z.infer<typeof uploadAnswerSchema>;
