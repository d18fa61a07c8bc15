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

/** One thing that is looked at: what is there, and what to do about it; nothing is to be done while it is well. */
export const healthCheckSchema = z.object({
	name: z.enum(CHECK_NAMES),
	state: z.enum(CHECK_STATES),
	what: z.string(),
	do: z.string().nullable(),
	/** Since when it is in this state, as far as this process knows. */
	since: instantSchema,
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
