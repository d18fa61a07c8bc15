import { z } from 'zod';

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
	reason: z.string().nullable(),
});
export type FiledOutput = z.infer<typeof filedOutputSchema>;

export const filedNowSchema = z.object({ filings: z.array(filedOutputSchema) });
