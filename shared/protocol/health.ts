import { z } from 'zod';
import { instantSchema } from './task.ts';

/** `off`: what it looks at is not set up. */
export const CHECK_STATES = ['ok', 'off', 'warn', 'fail'] as const;
export type CheckState = (typeof CHECK_STATES)[number];

/** The names of all checks, in the order in which they are told. */
export const CHECK_NAMES = [
	'ledger',
	'disk',
	'write-ahead-log',
	'certificate',
	'nodes-lost',
	'clocks',
	'queues-without-node',
	'tasks-without-queue',
	'queues-not-moving',
	'queues-paused',
	'schedules',
	'backup',
	'damaged-content',
	'chores',
	'mail',
] as const;
export type CheckName = (typeof CHECK_NAMES)[number];

/** The most names of a kind that a check gives. */
export const MOST_NAMED_BY_CHECK = 20;
const namesSchema = z.array(z.string()).max(MOST_NAMED_BY_CHECK).optional();

/** Of what a check tells, by name, so that nobody reads it out of the sentence; the first few of each kind. */
export const checkAboutSchema = z.object({ queues: namesSchema, nodes: namesSchema, routingKeys: namesSchema });
export type CheckAbout = z.infer<typeof checkAboutSchema>;

/** One thing that is looked at: what is there, and what to do about it; nothing is to be done while it is well. */
export const healthCheckSchema = z.object({
	name: z.enum(CHECK_NAMES),
	state: z.enum(CHECK_STATES),
	what: z.string(),
	do: z.string().nullable(),
	/** Since when it is in this state, as far as this process knows. */
	since: instantSchema,
	/** Left out while it is well, and by checks that name nothing of these kinds. */
	about: checkAboutSchema.optional(),
});
export type HealthCheck = z.infer<typeof healthCheckSchema>;

export const healthViewSchema = z.object({
	/** The worst of all. */
	state: z.enum(['ok', 'warn', 'fail']),
	at: instantSchema,
	version: z.string(),
	checks: z.array(healthCheckSchema),
});
export type HealthView = z.infer<typeof healthViewSchema>;
