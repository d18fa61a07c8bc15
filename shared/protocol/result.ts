import { z } from 'zod';
import { idSchema, sha256Schema } from './ids.ts';
import { pageQuerySchema } from './json.ts';

/** A folder in a person's tree, such as `/photos`; `/` is all of it. */
export const folderPathSchema = z.string().min(1).max(4096).regex(/^\//, 'must begin with a slash');

/**
 * Where outputs go. keep: they stay with their task · beside: into the folder of the file that was worked on · folder:
 * into that one. `conflict`: what becomes of a name that is there already.
 */
export const filingSchema = z
	.strictObject({
		place: z.enum(['keep', 'beside', 'folder']),
		folder: folderPathSchema.optional(),
		conflict: z.enum(['version', 'rename']).default('version'),
		/** Such as `{stem}-{type}.{ext}`; left out: the task type's own. */
		name: z.string().min(1).max(200).optional(),
	})
	.superRefine(({ place, folder }, context) => {
		if ((place === 'folder') === (folder !== undefined)) return;
		context.addIssue({ code: 'custom', path: ['folder'], message: 'goes with the place folder, and only with it' });
	});
export type Filing = z.infer<typeof filingSchema>;

/** Where to with outputs that are none yet, when somebody asks for files of them. */
export const filingNowSchema = filingSchema.refine(({ place }) => place !== 'keep', {
	path: ['place'],
	message: 'beside or folder: with the task they are already',
});

/** What became of one output as a file. */
export const filedOutputSchema = z.object({
	name: z.string(),
	state: z.enum(['filed', 'unfiled']),
	file: z.string().nullable().describe('Null: it stays with its task, or the file was destroyed since'),
	version: z.number().nullable(),
	path: z.string().nullable().default(null).describe('Where the file is now; null: nowhere, or in the trash'),
	reason: z.string().nullable(),
});
export type FiledOutput = z.infer<typeof filedOutputSchema>;

export const filedNowSchema = z.object({ filings: z.array(filedOutputSchema) });

/** A version of a file that a task made. */
export const resultSchema = z.object({
	file: idSchema('file'),
	name: z.string(),
	path: z.string().nullable().describe('Null: its folder is in the trash'),
	version: z.number(),
	size: z.number(),
	sha256: sha256Schema,
	thumbnail: z.object({ url: z.string() }).nullable(),
	type: z.string(),
	output: z.string(),
	task: z.string().nullable(),
	job: z.object({ id: z.string(), title: z.string() }).nullable(),
	recipe: z.object({ id: z.string(), name: z.string().nullable() }).nullable().describe('name: null when it is gone'),
	at: z.iso.datetime({ offset: true }),
});
export type ResultView = z.infer<typeof resultSchema>;

export const resultListQuerySchema = pageQuerySchema.extend({
	job: idSchema('job').optional(),
	recipe: idSchema('recipe').optional(),
	task: idSchema('task').optional(),
});
export type ResultListQuery = z.infer<typeof resultListQuerySchema>;

/** Something that came out of one of a job's tasks. */
export const jobOutputSchema = z.object({
	task: z.string(),
	type: z.string(),
	input: z.string().nullable().describe('Path of the first file that it worked on'),
	name: z.string(),
	size: z.number(),
	sha256: sha256Schema,
	mediaType: z.string(),
	url: z.string(),
	file: z.string().nullable().describe('The file that was made of it'),
	version: z.number().nullable(),
	reason: z.string().nullable().describe('Why no file was made of it'),
});
export type JobOutput = z.infer<typeof jobOutputSchema>;
