import { z } from 'zod';
import { reasonSchema } from './act.ts';
import { causeIdSchema, instantSchema } from './task.ts';

/** Tasks that failed, or were quarantined, for the same cause: same type, error code and message but for its numbers, ids and paths. */
export const quarantineGroupSchema = z.object({
	group: z.string(),
	type: z.string(),
	errorCode: z.string(),
	/** With `#` for what differs. */
	message: z.string(),
	count: z.number(),
	people: z.number(),
	nodes: z.number(),
	firstSeenAt: instantSchema,
	lastSeenAt: instantSchema,
	/** The newest of them. */
	sampleTasks: z.array(z.string()),
});
export type QuarantineGroup = z.infer<typeof quarantineGroupSchema>;

export const quarantineSchema = z.object({
	/** The largest first. */
	groups: z.array(quarantineGroupSchema),
	/** Tasks that were looked at. */
	tasks: z.number(),
	/** There are older ones, or smaller groups, that are not in here. */
	truncated: z.boolean(),
});
export type Quarantine = z.infer<typeof quarantineSchema>;

export const replaySchema = z.strictObject({
	group: causeIdSchema,
	/** The newest so many of it. */
	limit: z.union([z.literal('one'), z.literal('all'), z.number().int().min(1).max(1_000_000)]).default('one'),
	reason: reasonSchema.optional(),
});
export type Replay = z.infer<typeof replaySchema>;

/** Takes what failed for a cause out of the quarantine; the tasks stay as they are, for their owners. */
export const discardSchema = z.strictObject({
	group: causeIdSchema,
	/** Refused when there are more tasks than so many. */
	expected: z.number().int().min(0).optional(),
	reason: reasonSchema.optional(),
});
export type Discard = z.infer<typeof discardSchema>;
