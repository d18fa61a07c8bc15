import { z } from 'zod';
import { jsonObjectSchema } from './json.ts';

const instantSchema = z.iso.datetime({ offset: true });

/** Rules that keep a task from starting, from the first that is asked to the last. */
export const WAITING_RULES = [
	'after', // other tasks have to succeed first
	'not-before', // it is not to start before a time
	'retry', // an attempt has ended; the next one is not due yet
	'held', // somebody keeps it out of line
	'budget', // a budget has no room for it
	'no-queue',
	'queue-paused',
	'no-node-serves-queue',
	'no-node-meets-needs',
	'class-cap',
	'class-rate',
	'user-cap',
	'hardware-busy',
	'slots-busy',
	'next', // a node has room: it starts as soon as those ahead have been placed
	'starting', // it is being handed to a node
] as const;

const aheadSchema = z.object({
	/** Tasks of the same owner in the queue that go first. */
	own: z.number(),
	/** Other people with tasks in the queue whose turn comes first as things are now, and the same by class. */
	people: z.number(),
	classes: z.array(z.object({ serviceClass: z.string(), people: z.number() })),
});

/** Why a task has not started. */
export const waitingSchema = z.object({
	rule: z.enum(WAITING_RULES),
	/** The same as `waitingBecause`. */
	because: z.string(),
	queue: z.string().nullable(),
	ahead: aheadSchema.nullable(),
	/** What else the rule goes by; which figures there are depends on the rule. */
	facts: jsonObjectSchema,
});
export type Waiting = z.infer<typeof waitingSchema>;

/** A range of times that holds the real one with this probability, by how far forecasts have been off lately. */
export const timeRangeSchema = z.object({ earliest: instantSchema, latest: instantSchema, confidence: z.number() });
export type TimeRange = z.infer<typeof timeRangeSchema>;

const valueSchema = z.union([
	z.string(),
	z.number(),
	z.boolean(),
	z.null(),
	z.array(z.string()),
	z.record(z.string(), z.union([z.string(), z.number()])),
]);

/** Every rule asked of every connected node. */
export const placementSchema = z.object({
	waiting: waitingSchema.nullable(),
	/** All that keeps it from starting, in the order in which it has to go; the first is `waiting`. Empty: only its turn. */
	obstacles: z.array(waitingSchema),
	startsAt: timeRangeSchema.nullable(),
	/** Connected nodes; `nodes` lists those nearest to a start, at most as many as were asked for. */
	total: z.number(),
	/** How many of them could run it once they have room, and how many have room now. */
	able: z.number(),
	withRoom: z.number(),
	nodes: z.array(
		z.object({
			name: z.string(),
			able: z.boolean(),
			/** A slot is free there for it, whatever else the node lacks. */
			room: z.boolean(),
			constraints: z.array(z.object({ name: z.string(), holds: z.boolean(), asked: valueSchema, has: valueSchema })),
		}),
	),
});
export type PlacementView = z.infer<typeof placementSchema>;
