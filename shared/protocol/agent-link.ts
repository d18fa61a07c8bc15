import { z } from 'zod';
import { attemptTokenSchema, idSchema, sha256Schema } from './ids.ts';
import { jsonObjectSchema } from './json.ts';
import { capabilitiesSchema, nodeMetricsSchema, servedQueuesSchema, slotsSchema } from './node.ts';
import { USAGE_MEASURES } from './task.ts';

/** Names one attempt; the token fences it. */
export const attemptRefSchema = z.object({
	task: idSchema('task'),
	attempt: z.number().int().min(1),
	token: attemptTokenSchema,
});
export type AttemptRef = z.infer<typeof attemptRefSchema>;

// --- agent -> coordinator -------------------------------------------------------------------------------------------

/** Answers the challenge: the signature is Ed25519 over `helloPayload(nonce, node, linkKey)`, base64url. */
export const helloSchema = z.object({
	protocol: z.object({ major: z.number().int(), minor: z.number().int() }),
	node: idSchema('node'),
	signature: z.string().max(128),
	/** The agent's part in agreeing on the connection's key: a fresh X25519 public key, raw, base64url. */
	linkKey: z.string().max(128),
	capabilities: capabilitiesSchema,
	queues: servedQueuesSchema,
	concurrency: slotsSchema,
	/** Attempts that still run here, from before the link was lost. */
	running: z.array(attemptRefSchema).max(4096),
	/** It drains already: no new work, not even before it could say so. */
	draining: z.boolean().optional(),
});
export type Hello = z.infer<typeof helloSchema>;

export const heartbeatSchema = z.object({
	seq: z.number().int().min(0),
	running: z.array(attemptRefSchema).max(4096),
	metrics: nodeMetricsSchema,
});
export type Heartbeat = z.infer<typeof heartbeatSchema>;

export const startedSchema = z.object({ attempts: z.array(attemptRefSchema).min(1).max(4096) });
export type Started = z.infer<typeof startedSchema>;

export const progressSchema = z.object({
	items: z
		.array(
			attemptRefSchema.extend({ progress: z.number().min(0).max(1).nullable(), phase: z.string().max(200).nullable() }),
		)
		.min(1)
		.max(4096),
});
export type Progress = z.infer<typeof progressSchema>;

export const logSchema = z.object({
	items: z
		.array(
			attemptRefSchema.extend({
				/** Counts the attempt's log lines from 0, so that a repeat is recognised. */
				firstSeq: z.number().int().min(0),
				lines: z.array(z.object({ stream: z.enum(['out', 'err', 'system']), text: z.string().max(8192) })).max(1000),
			}),
		)
		.min(1)
		.max(1000),
});
export type LogBatch = z.infer<typeof logSchema>;

/**
 * Why an attempt failed, as the agent saw it. `transient` may work next time; `permanent` never will; `input` is the
 * file's or the parameters' fault; `timeout` ran out of time; `resource` hit a memory or output limit;
 * `crash` is a worker that died under the task.
 */
export const FAILURE_CLASSES = ['transient', 'permanent', 'input', 'timeout', 'resource', 'crash'] as const;
export const failureSchema = z.object({
	class: z.enum(FAILURE_CLASSES),
	code: z.string().regex(/^[a-z0-9-]{1,64}$/),
	message: z.string().max(2000),
	/** Trying again sooner has no point; the longer of this and the type’s own wait counts. */
	retryAfterMs: z.number().int().min(0).max(86_400_000).optional(),
});
export type Failure = z.infer<typeof failureSchema>;

/**
 * What an agent has measured of an attempt; times are milliseconds with three decimals. What is left out was not
 * measured. A figure that is no number comes as null in JSON: it is cut and flagged like all that cannot be.
 */
const figureSchema = z.number().nullable();
export const reportedUsageSchema = z.object({
	wallMs: figureSchema,
	cpuMs: figureSchema,
	peakMemoryBytes: figureSchema,
	bytesIn: figureSchema,
	bytesOut: figureSchema,
	/** The part of `cpuMs` that was spent in the kernel. */
	systemMs: figureSchema.optional(),
	memoryMibMs: figureSchema.optional(),
	readBytes: figureSchema.optional(),
	writtenBytes: figureSchema.optional(),
	gpuMs: figureSchema.optional(),
	measured: z.enum(USAGE_MEASURES).optional(),
});
export type ReportedUsage = z.infer<typeof reportedUsageSchema>;

export const settlementSchema = z.discriminatedUnion('outcome', [
	attemptRefSchema.extend({
		outcome: z.literal('succeeded'),
		result: jsonObjectSchema,
		outputs: z
			.array(
				z.object({
					name: z.string().min(1).max(255),
					sha256: sha256Schema,
					size: z.number().int().min(0),
					mediaType: z.string().max(255),
				}),
			)
			.max(1000),
		usage: reportedUsageSchema,
	}),
	attemptRefSchema.extend({ outcome: z.literal('failed'), failure: failureSchema, usage: reportedUsageSchema }),
	attemptRefSchema.extend({ outcome: z.literal('cancelled'), usage: reportedUsageSchema }),
	/** Given back unfinished (drain, lost input, no room): costs nothing, runs elsewhere. */
	attemptRefSchema.extend({ outcome: z.literal('returned'), reason: z.string().max(500), usage: reportedUsageSchema }),
]);
export type Settlement = z.infer<typeof settlementSchema>;

/**
 * The envelope only: items are parsed one by one, so that one bad settlement does not hold up the others. The seal
 * is of `settlePayload(node, items)`, made with the connection's key.
 */
export const settleSchema = z.object({ items: z.array(z.unknown()).min(1).max(4096), seal: z.string().max(128) });

// --- coordinator -> agent -------------------------------------------------------------------------------------------

/** The nonce is the coordinator's part in agreeing on the connection's key: an X25519 public key that was never used before. */
export const challengeSchema = z.object({
	nonce: z.string().min(16).max(128),
	protocol: z.object({ major: z.number(), minor: z.number() }),
});

export const assignmentSchema = attemptRefSchema.extend({
	type: z.string(),
	typeVersion: z.number().int(),
	parameters: jsonObjectSchema,
	inputs: z.array(z.object({ name: z.string(), sha256: sha256Schema, size: z.number() })),
	limits: z.object({ softMs: z.number(), hardMs: z.number(), memoryBytes: z.number(), outputBytes: z.number() }),
	hardware: z.record(z.string(), z.number()),
	sandbox: z.enum(['none', 'limits', 'strong']),
	/** What it is given beside its inputs and parameters; absent: nothing. */
	given: z
		.object({
			/** Where the source that it reads was, and how many items may be read; null: it is not a source’s. */
			source: z.object({ cursor: z.json(), left: z.number().int().min(0).nullable() }).nullable(),
			/** Names of its secrets: what they are is fetched when it starts, and never sent here. */
			secrets: z.array(z.string().max(32)).max(4),
		})
		.optional(),
	/** argv of a command task type; absent for built-in ones. */
	command: z.array(z.string()).optional(),
});
export type Assignment = z.infer<typeof assignmentSchema>;

export const assignSchema = z.object({ tasks: z.array(assignmentSchema).min(1) });
/** cancelled: for good · preempted: stop within two seconds and give it back, other work needs the slot · void: no longer this node's */
export const cancelSchema = z.object({
	attempts: z.array(attemptRefSchema.extend({ reason: z.enum(['cancelled', 'preempted', 'void']) })).min(1),
});
export type CancelOrder = z.infer<typeof cancelSchema>;
export const configureSchema = z.object({ concurrency: slotsSchema });

/** Acknowledgements. A refusal names a code of the error table. */
export type HelloAnswer =
	| {
			ok: true;
			coordinatorTime: number;
			leaseMs: number;
			heartbeatMs: number;
			/** Attempts to stop: they are no longer this node's. */
			void: AttemptRef[];
	  }
	| { ok: false; code: string; message: string };
export type HeartbeatAnswer = { seq: number; leaseMs: number; void: AttemptRef[] };
export const SETTLE_REPLIES = ['accepted', 'repeated', 'stale', 'invalid'] as const;
export type SettleReply = (typeof SETTLE_REPLIES)[number];
export type SettleAnswer =
	/** One for each settlement of the message, in their order. */
	{ statuses: SettleReply[] } | { retryAfterMs: number } | SettleRefusal;
/** Nothing of the message was taken; saying the same again does not help. */
export type SettleRefusal = { refused: string; message: string };

/** socket.io event maps of the namespace `/agents`; what is received is `unknown` until parsed. */
export interface AgentToCoordinator {
	'agent:hello': (message: unknown, answer: (a: HelloAnswer) => void) => void;
	'agent:heartbeat': (message: unknown, answer: (a: HeartbeatAnswer) => void) => void;
	/** How the machine is doing, each second; not answered, and left out when the line is full. */
	'agent:metrics': (message: unknown) => void;
	/** The children have begun; queued inputs are there. */
	'task:started': (message: unknown) => void;
	'task:progress': (message: unknown) => void;
	'task:log': (message: unknown) => void;
	/** Acknowledged after the commit; the agent keeps the settlements on disk until then. */
	'task:settle': (message: unknown, answer: (a: SettleAnswer) => void) => void;
	/** The agent is leaving on purpose: no new work, what runs is finished. Acknowledged behind all that was assigned. */
	'agent:draining': (message: object, answer: () => void) => void;
}
export interface CoordinatorToAgent {
	'agent:challenge': (message: unknown) => void;
	'task:assign': (message: unknown) => void;
	'task:cancel': (message: unknown) => void;
	'agent:drain': (message: unknown) => void;
	'agent:configure': (message: unknown) => void;
}

/** The exact text that a node signs: both parts of the agreement on the connection's key are under its signature. */
export const helloPayload = (nonce: string, node: string, linkKey: string): string =>
	`millrace-agent-hello:1:${node}:${nonce}:${linkKey}`;
