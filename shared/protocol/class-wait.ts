import { z } from 'zod';
import { instantSchema } from './task.ts';

/** How tasks of a service class wait. */
export const classWaitSchema = z.object({
	serviceClass: z.string(),
	/** Of those that started for the first time within the last hour: how many, and the wait of half and of nineteen of twenty. */
	started: z.number(),
	p50Ms: z.number().nullable(),
	p95Ms: z.number().nullable(),
	/** In line now, and when the first of them came. */
	queued: z.number(),
	oldestAt: instantSchema.nullable(),
});
export type ClassWait = z.infer<typeof classWaitSchema>;
