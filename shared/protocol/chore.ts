import { z } from 'zod';
import { instantSchema } from './task.ts';

/** The short name of something that the coordinator does by itself, again and again. */
export const choreNameSchema = z.string().regex(/^[a-z]+(-[a-z]+)*$/, 'must be a name such as sweep-content');

export const choreViewSchema = z.object({
	name: choreNameSchema,
	/** What it does, in words. */
	what: z.string(),
	everyMs: z.number().int().min(1),
	isRunning: z.boolean(),
	/** When it began last; null: not since it was installed. */
	startedAt: instantSchema.nullable(),
	/** How it ended last; null while it has not ended yet. */
	last: z
		.object({
			outcome: z.enum(['done', 'failed']),
			finishedAt: instantSchema,
			tookMs: z.number().int().min(0),
			/** What it has to tell, or why it failed. */
			words: z.string().nullable(),
		})
		.nullable(),
	/** When it begins by itself the next time. */
	nextAt: instantSchema.nullable(),
});
export type ChoreView = z.infer<typeof choreViewSchema>;
