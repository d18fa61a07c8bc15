import { z } from 'zod';
import { healthCheckSchema } from './health.ts';
import { nodeMetricsSchema, nodeWorkSchema } from './node.ts';
import { queuePulseSchema } from './queue.ts';

/**
 * What a person may watch. `tasks`, `files` and `things` are the person's own (datasets: all that the person may read);
 * `nodes`, `node-metrics` (how the machines are doing, each second), `queues` (how each is doing, when that has changed),
 * `health` and `all-tasks` need a role.
 */
export const LIVE_TOPICS = [
	...(['tasks', 'files', 'things'] as const),
	...(['nodes', 'node-metrics', 'queues', 'health', 'all-tasks'] as const),
] as const;
export const liveTopicSchema = z.enum(LIVE_TOPICS);
export type LiveTopic = z.infer<typeof liveTopicSchema>;

/** What the topic `things` tells of. */
export const THING_KINDS = ['recipe', 'trigger', 'schedule', 'source', 'job', 'dataset', 'notice', 'webhook'] as const;
export type ThingKind = (typeof THING_KINDS)[number];

export const subscribeSchema = z.strictObject({ topics: z.array(liveTopicSchema).max(LIVE_TOPICS.length) });

/**
 * One change. A patch with a lower `version` than what the client has is old and is ignored; of an equal one the later
 * wins (progress changes no version).
 * `task` carries the fields of a task that changed; `file` and `thing` tell that it is to be read again (or is gone).
 * What has changed about a thing may be what belongs to it: a job's counts, a trigger's firings, a schedule's runs.
 */
export const livePatchSchema = z.discriminatedUnion('kind', [
	z.object({
		kind: z.literal('task'),
		id: z.string(),
		version: z.number(),
		type: z.string(),
		state: z.string(),
		progress: z.number().nullable(),
		phase: z.string().nullable(),
		file: z.string().nullable(),
		/** The node's name, as in the task itself. */
		node: z.string().nullable(),
	}),
	z.object({
		kind: z.literal('file'),
		id: z.string(),
		version: z.number(),
		path: z.string().nullable(),
		gone: z.boolean(),
	}),
	z.object({
		kind: z.literal('thing'),
		what: z.enum(THING_KINDS),
		id: z.string(),
		/** Always 0 for what has no version. */
		version: z.number(),
		gone: z.boolean(),
	}),
	z.object({ kind: z.literal('node'), id: z.string(), version: z.number(), state: z.string(), running: z.number() }),
	/** Of many nodes at once; `id` numbers the parts that one second was cut into, `version` is that second. */
	z.object({
		kind: z.literal('node-metrics'),
		id: z.string(),
		version: z.number(),
		nodes: z.array(z.object({ id: z.string(), running: z.number(), work: nodeWorkSchema, metrics: nodeMetricsSchema })),
	}),
	/** `id` is its name, `version` when it was looked at; without a pulse it is gone. */
	z.object({ kind: z.literal('queue'), id: z.string(), version: z.number(), pulse: queuePulseSchema.nullable() }),
	/** A check that is in another state; `id` is its name, `version` when it was made. */
	z.object({ kind: z.literal('health'), id: z.string(), version: z.number(), check: healthCheckSchema }),
]);
export type LivePatch = z.infer<typeof livePatchSchema>;

/** `seq` counts this socket's messages from 1: a gap, or a reconnect, means: read what is on screen again. */
export const liveMessageSchema = z.object({ seq: z.number(), patches: z.array(livePatchSchema) });
export type LiveMessage = z.infer<typeof liveMessageSchema>;

/** socket.io event maps of the namespace `/live`. */
export interface PersonToCoordinator {
	subscribe: (message: unknown, answer: (a: { ok: true; seq: number } | { ok: false; code: string }) => void) => void;
}
export interface CoordinatorToPerson {
	'live:patch': (message: LiveMessage) => void;
	/** The session ended elsewhere, or the account was disabled; the socket is closed next. */
	'live:signed-out': () => void;
}
