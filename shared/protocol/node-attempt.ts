import { z } from 'zod';
import { idSchema } from './ids.ts';
import { pageQuerySchema } from './json.ts';
import { ATTEMPT_STATES, instantSchema } from './task.ts';
import { hardwareSchema, taskTypeNameSchema } from './task-type.ts';

/** given: its node has not said yet that it runs · running · ending: it is over, and that is being written */
export const nodeAttemptStateSchema = z.enum(['given', 'running', 'ending']);

/** An attempt that a node holds. */
export const nodeAttemptSchema = z.object({
	task: idSchema('task'),
	attempt: z.number(),
	type: taskTypeNameSchema,
	owner: idSchema('user').nullable().describe('Null: deleted'),
	ownerName: z.string().nullable().describe('Only administrators are told'),
	state: nodeAttemptStateSchema,
	since: instantSchema.describe('When it was given to the node'),
	phase: z.string().nullable(),
	progress: z.number().nullable(),
	slots: z.number().describe('Slots that it takes; none once it is over'),
	cores: z.number().describe('What its task asked for'),
	memoryBytes: z.number().describe('What its task asked for; 0: nothing'),
	devices: hardwareSchema.describe('Exclusive devices that it holds'),
	leaseLeft: z
		.number()
		.describe(
			'What is left of its lease, from 1 (just renewed) to 0 (it is taken away); below a half the node has missed renewals',
		),
});
export type NodeAttempt = z.infer<typeof nodeAttemptSchema>;

/** How an attempt can have ended. */
export const pastStateSchema = z.enum(ATTEMPT_STATES).exclude(['running']);

/** An attempt that ended on a node. */
export const pastAttemptSchema = z.object({
	task: idSchema('task'),
	attempt: z.number(),
	type: taskTypeNameSchema,
	owner: idSchema('user').nullable().describe('Null: deleted'),
	ownerName: z.string().nullable().describe('Only administrators are told'),
	state: pastStateSchema,
	reason: z.string().nullable(),
	startedAt: instantSchema,
	finishedAt: instantSchema,
});
export type PastAttempt = z.infer<typeof pastAttemptSchema>;

export const pastAttemptsQuerySchema = pageQuerySchema.extend({
	/** Ended then or later. */
	from: instantSchema.optional(),
	state: pastStateSchema.optional(),
});
export type PastAttemptsQuery = z.input<typeof pastAttemptsQuerySchema>;
