import { z } from 'zod';
import { sha256Schema } from './ids.ts';
import { instantSchema } from './task.ts';

/** Content that was found damaged or gone when it was read again, and that something refers to still. */
export const damagedContentSchema = z.object({
	count: z.number().int().min(0),
	/** Newest first; fewer than `count` when there are many. */
	items: z.array(
		z.object({
			sha256: sha256Schema,
			size: z.number().int().min(0),
			fault: z.string(),
			foundAt: instantSchema,
			/** Ids of files that have it in some version, ten at most. */
			files: z.array(z.string()),
		}),
	),
});
export type DamagedContent = z.infer<typeof damagedContentSchema>;
