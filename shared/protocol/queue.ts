import { z } from 'zod';
import { idSchema } from './ids.ts';
import { queueNameSchema } from './node.ts';
import { bindingKeySchema, instantSchema, routingKeySchema } from './task.ts';
import { WAITING_RULES } from './waiting.ts';

/** Two bindings that some routing key fits both of; the more specific one gets such keys. */
export const overlapSchema = z.object({
	bindingKey: z.string(),
	queue: z.string(),
	otherBindingKey: z.string(),
	/** The queue that gets the keys that fit both. */
	winner: z.string(),
});
export type Overlap = z.infer<typeof overlapSchema>;

/** How a queue is doing, as it was looked at: once a second. */
export const queuePulseSchema = z.object({
	name: z.string(),
	/** Tasks in line, and attempts that run. */
	queued: z.number(),
	running: z.number(),
	/** When the one came that has stood in line longest. */
	oldestAt: instantSchema.nullable(),
	/** Tasks put in line and attempts that ended, over the last ten seconds. */
	inPerSecond: z.number(),
	outPerSecond: z.number(),
	paused: z.boolean(),
	draining: z.boolean(),
});
export type QueuePulse = z.infer<typeof queuePulseSchema>;

export const queueViewSchema = z.object({
	name: z.string(),
	bindingKeys: z.array(z.string()),
	/** Nothing is started from it. */
	paused: z.boolean(),
	/** It takes no new tasks; what is in line is worked off. */
	draining: z.boolean().default(false),
	reason: z.string().nullable().default(null),
	since: instantSchema.nullable().default(null),
	by: z.string().nullable().default(null),
	/** Tasks in line, and attempts that run. */
	queued: z.number().default(0),
	running: z.number().default(0),
	/** When the one came that has stood in line longest. */
	oldestAt: instantSchema.nullable().default(null),
	/** Tasks put in line and attempts that ended, over the last ten seconds. */
	inPerSecond: z.number().default(0),
	outPerSecond: z.number().default(0),
	/** The most that stood in line in each ten seconds of the last ten minutes, the newest last. */
	trend: z.array(z.number()).default([]),
	/** When that was looked at, in milliseconds: patches that are not newer tell nothing new. */
	lookedAt: z.number().default(0),
	overlaps: z.array(overlapSchema).default([]),
	/** Names of the connected nodes that serve it. */
	servedBy: z.array(z.string()).default([]),
	/** What keeps its tasks from being done, in words. */
	warnings: z.array(z.string()).default([]),
});
export type QueueView = z.infer<typeof queueViewSchema>;

/** Why tasks of a queue wait: those that stand behind heads of lines for which the same rule counts. */
export const queueWaitSchema = z.object({
	rule: z.enum(WAITING_RULES),
	/** Of the head that came first. */
	because: z.string(),
	task: idSchema('task'),
	/** Tasks in these lines. */
	tasks: z.number(),
});
export type QueueWait = z.infer<typeof queueWaitSchema>;

export const queueDetailSchema = queueViewSchema.extend({
	/** The most tasks first. */
	waits: z.array(queueWaitSchema),
});
export type QueueDetail = z.infer<typeof queueDetailSchema>;

/** What was done to it; the act can be undone. */
export const queueSteeredSchema = queueViewSchema.extend({ act: idSchema('act') });

const bindingKeysSchema = z
	.array(bindingKeySchema)
	.min(1, 'a queue needs at least one binding key, such as normal.#; without one no task could reach it')
	.max(100);
export const newQueueSchema = z.strictObject({ name: queueNameSchema, bindingKeys: bindingKeysSchema });
export type NewQueue = z.input<typeof newQueueSchema>;
/** It gets these binding keys instead. */
export const rebindQueueSchema = newQueueSchema.omit({ name: true });

export const routeRequestSchema = z.strictObject({ routingKey: routingKeySchema });

/** Where a routing key leads. */
export const routeAnswerSchema = z.object({
	routingKey: z.string(),
	/** Null: it reaches no queue, and its tasks wait until one is bound. */
	queue: z.string().nullable(),
	/** By which binding. */
	bindingKey: z.string().nullable(),
	/** Every binding that fits, the most specific first; the first one's queue gets the task. */
	matches: z.array(z.object({ queue: z.string(), bindingKey: z.string() })),
	servedBy: z.array(z.string()),
	warnings: z.array(z.string()),
});
export type RouteAnswer = z.infer<typeof routeAnswerSchema>;
