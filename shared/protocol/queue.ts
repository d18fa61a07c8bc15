import { z } from 'zod';
import { instantSchema, routingKeySchema } from './task.ts';

/** Two bindings that some routing key fits both of; the more specific one gets such keys. */
export const overlapSchema = z.object({
	bindingKey: z.string(),
	queue: z.string(),
	otherBindingKey: z.string(),
	/** The queue that gets the keys that fit both. */
	winner: z.string(),
});
export type Overlap = z.infer<typeof overlapSchema>;

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
	/** Tasks in line. */
	queued: z.number().default(0),
	overlaps: z.array(overlapSchema).default([]),
	/** Names of the connected nodes that serve it. */
	servedBy: z.array(z.string()).default([]),
	/** What keeps its tasks from being done, in words. */
	warnings: z.array(z.string()).default([]),
});
export type QueueView = z.infer<typeof queueViewSchema>;

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
