import { z } from 'zod';
import { idSchema } from './ids.ts';
import { instantSchema } from './task.ts';
import { hardwareSchema, sandboxLevelSchema, taskTypeNameSchema } from './task-type.ts';

export const nodeNameSchema = z
	.string()
	.regex(/^[A-Za-z0-9][A-Za-z0-9._-]{0,62}$/, 'letters, digits, . _ -; 1 to 63 characters');
export const queueNameSchema = z
	.string()
	.regex(/^[A-Za-z0-9][A-Za-z0-9_-]{0,62}$/, 'letters, digits, _ -; 1 to 63 characters');

/** Tasks that a node may run at once. */
export const MOST_SLOTS = 1_024;
export const slotsSchema = z.number().int().min(1).max(MOST_SLOTS);
/** Those that a node serves. */
export const servedQueuesSchema = z.array(queueNameSchema).min(1, 'must name at least one queue').max(100);

export const labelsSchema = z.record(z.string().max(63), z.string().max(255));

/** What a node says it has. Claims, not rights: the node's own policy on the coordinator decides what it gets. */
export const capabilitiesSchema = z.object({
	cores: z.number().int().min(1).max(65_536),
	memoryBytes: z.number().int().min(0),
	hardware: hardwareSchema.default({}),
	labels: labelsSchema.default({}),
	sandbox: sandboxLevelSchema.default('none'),
	taskTypes: z.array(taskTypeNameSchema).max(1000),
	platform: z.string().max(100).default(''),
	agentVersion: z.string().max(50).default(''),
});
export type Capabilities = z.infer<typeof capabilitiesSchema>;

/** offline: no link · online: takes work · cordoned: takes none, by an administrator · draining: finishing, then leaves · suspect: lost too many different tasks, takes none · revoked: may not connect */
export const NODE_STATES = ['offline', 'online', 'cordoned', 'draining', 'suspect', 'revoked'] as const;
export const nodeStateSchema = z.enum(NODE_STATES);
export type NodeState = z.infer<typeof nodeStateSchema>;

const bytes = z
	.number()
	.min(0)
	.max(2 ** 60)
	.optional();
const share = z.number().min(0).max(1).optional();
/** How a machine is doing, each second anew; what its system does not tell is left out. */
export const nodeMetricsSchema = z.object({
	/** Of all cores, 0 to 1. */
	cpuLoad: share,
	/** Processes that run or want to, over the last minute. */
	load1: z.number().min(0).max(1e6).optional(),
	memoryUsedBytes: bytes,
	/** Of the disk on which the agent's work folder lies. */
	diskUsedBytes: bytes,
	diskTotalBytes: bytes,
	diskReadBytesPerSecond: bytes,
	diskWriteBytesPerSecond: bytes,
	networkInBytesPerSecond: bytes,
	networkOutBytesPerSecond: bytes,
	/** Of all its GPUs together. */
	gpuLoad: share,
	gpuMemoryUsedBytes: bytes,
	gpuMemoryTotalBytes: bytes,
	/** The longest that the agent's own process was held up. */
	eventLoopLagMs: z.number().min(0).max(86_400_000).optional(),
	cacheBytes: bytes,
	/** The machine's own clock when this was said, in milliseconds since 1970; only compared, never believed. */
	clock: z.number().min(0).max(1e15).optional(),
});
export type NodeMetrics = z.infer<typeof nodeMetricsSchema>;

/** Which tasks a node takes, of those that it could run. */
export const nodePolicySchema = z.strictObject({
	/** Null: any. */
	taskTypes: z.array(taskTypeNameSchema).min(1).max(1000).nullable(),
	/** Names of hardware and labels: it is kept for tasks that ask for at least one of them. Empty: for any task. */
	reservedFor: z.array(z.string().min(1).max(63)).max(100),
});

/** Labels as administrators set them: names as tasks ask for them, and few, since they are told with every node. */
const setLabelsSchema = labelsSchema
	.refine((labels) => Object.keys(labels).length <= 100, 'at most 100 labels')
	.refine(
		(labels) => Object.keys(labels).every((name) => /^[A-Za-z0-9][\w./-]*$/.test(name)),
		'names of letters, digits, . _ / -',
	);

/** What administrators set about a node; what is left out stays. */
export const nodeSettingsSchema = z
	.strictObject({
		concurrency: slotsSchema.optional(),
		/** Null: any task that it can run. */
		policy: nodePolicySchema.nullable().optional(),
		/** Null: those that it declares. */
		labels: setLabelsSchema.nullable().optional(),
	})
	.refine((body) => Object.values(body).some((said) => said !== undefined), 'give concurrency, policy or labels');
export type NodeSettings = z.input<typeof nodeSettingsSchema>;

/** How many attempts of each task type take its slots. */
export const nodeWorkSchema = z.record(z.string(), z.number()).default({});

export const nodeViewSchema = z.object({
	id: idSchema('node'),
	name: z.string(),
	state: nodeStateSchema,
	capabilities: capabilitiesSchema.nullable(),
	queues: z.array(z.string()),
	concurrency: z.number(),
	running: z.number(),
	work: nodeWorkSchema,
	metrics: nodeMetricsSchema.nullable(),
	lastSeenAt: instantSchema.nullable(),
	/** Why, since when and by whom it takes no work, and when it takes work again by itself. Null while it takes work. */
	reason: z.string().nullable().default(null),
	since: instantSchema.nullable().default(null),
	by: z.string().nullable().default(null),
	until: instantSchema.nullable().default(null),
	drainedAt: instantSchema
		.nullable()
		.default(null)
		.describe(
			'It was drained and has left then: reason and by are those of the drain. Null: it is there, or left otherwise',
		),
	policy: nodePolicySchema.nullable().default(null),
	labels: labelsSchema.default({}).describe('That count: an administrator’s, or else those that it declares'),
	declared: z
		.object({ queues: z.array(z.string()), concurrency: z.number(), labels: labelsSchema })
		.nullable()
		.default(null)
		.describe('What it says of itself, whatever it was granted of that'),
	joinedAt: instantSchema.nullable().default(null),
	joinedBy: z.string().nullable().default(null).describe('Id of the token by which it joined'),
	faults: z
		.object({
			badSeals: z.number().describe('Messages with settlements without the right seal; nothing of them was taken'),
			impossibleUsage: z.number().describe('Attempts whose reported usage could not be and was cut'),
			lastAt: instantSchema,
			last: z.string(),
		})
		.nullable()
		.default(null)
		.describe('What it said since the coordinator’s start that cannot be; null: nothing'),
});
export type NodeView = z.infer<typeof nodeViewSchema>;

/** What was done to it; the act is listed, and undone where it can be. */
export const nodeSteeredSchema = nodeViewSchema.extend({ act: idSchema('act') });
export type SteeredNode = z.infer<typeof nodeSteeredSchema>;

/** What an agent sends to `POST /api/v1/agent/join`. The public key is raw Ed25519, base64url. */
export const joinSchema = z.strictObject({
	token: z.string().min(1).max(200),
	name: nodeNameSchema,
	publicKey: z.string().regex(/^[A-Za-z0-9_-]{43}$/),
});
export const joinAnswerSchema = z.object({ node: idSchema('node'), name: z.string() });
