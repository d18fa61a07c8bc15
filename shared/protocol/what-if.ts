import { z } from 'zod';
import { nodeNameSchema, queueNameSchema, servedQueuesSchema, slotsSchema } from './node.ts';
import { serviceClassNameSchema, serviceClassSettingsSchema } from './service-class.ts';
import { bindingKeySchema, instantSchema } from './task.ts';
import { hardwareSchema, sandboxLevelSchema, taskTypeNameSchema } from './task-type.ts';

const addedNodesSchema = z.strictObject({
	count: z.number().int().min(1).max(10_000),
	concurrency: slotsSchema,
	queues: servedQueuesSchema,
	/** What is left out is as large as that of the largest node of the period; task types: all that any node has. */
	capabilities: z
		.strictObject({
			cores: z.number().int().min(1).max(65_536).optional(),
			memoryBytes: z.number().int().min(0).optional(),
			hardware: hardwareSchema.optional(),
			labels: z.record(z.string().max(63), z.string().max(255)).optional(),
			sandbox: sandboxLevelSchema.optional(),
			taskTypes: z.array(taskTypeNameSchema).max(1_000).optional(),
		})
		.prefault({}),
});
export type AddedNodes = z.infer<typeof addedNodesSchema>;

/** A queue as it would be; one that is not named here is as it was. */
const changedQueueSchema = z.discriminatedUnion('remove', [
	z.strictObject({ name: queueNameSchema, remove: z.literal(true) }),
	z.strictObject({
		name: queueNameSchema,
		remove: z.literal(false).default(false),
		bindingKeys: z.array(bindingKeySchema).min(1).max(100),
		paused: z.boolean().default(false),
	}),
]);

/** A recorded period, and what would have been different in it from its first moment to its last. */
export const whatIfSchema = z
	.strictObject({
		from: instantSchema,
		to: instantSchema,
		/** Whole settings by name, as for making a class; a class that is not named here is as it was. */
		classes: z
			.record(serviceClassNameSchema, serviceClassSettingsSchema)
			.refine((classes) => Object.keys(classes).length <= 100, 'at most 100 classes')
			.default({}),
		queues: z.array(changedQueueSchema).max(100).default([]),
		fleet: z
			.strictObject({
				add: z.array(addedNodesSchema).max(20).default([]),
				/** Names. */
				remove: z.array(nodeNameSchema).max(1_000).default([]),
			})
			.prefault({}),
	})
	.superRefine(({ from, to }, context) => {
		if (Date.parse(from) < Date.parse(to)) return;
		context.addIssue({ code: 'custom', path: ['to'], message: 'must lie after from' });
	});
export type WhatIf = z.infer<typeof whatIfSchema>;
export type WhatIfInput = z.input<typeof whatIfSchema>;

/** A task that never started counts with what it had waited by the end. */
const waitsSchema = z.object({
	tasks: z.number(),
	started: z.number(),
	p50Ms: z.number(),
	p90Ms: z.number(),
	p95Ms: z.number(),
	p99Ms: z.number(),
	meanMs: z.number(),
	mostMs: z.number(),
});
const bothOf = <T extends z.ZodType>(one: T) => z.object({ before: one, after: one });

const personSchema = bothOf(z.object({ waits: waitsSchema, costMs: z.number() })).extend({
	owner: z.number(),
	username: z.string().nullable(),
});

/** Two runs of one period through the same core: as it was, and with the change. */
export const comparisonSchema = z.object({
	/** What came of it, the most important first. */
	sentences: z.array(z.string()),
	classes: z.array(
		bothOf(
			z.object({
				waits: waitsSchema,
				/** In slots. */
				costMs: z.number(),
				/** Jain’s index by cost among its people: 1 when all have had the same. */
				jain: z.number(),
				people: z.number(),
			}),
		).extend({ name: z.string() }),
	),
	people: z.object({
		total: z.number(),
		/** Their median wait is longer or shorter by more than a second and a twentieth. */
		losers: z.number(),
		winners: z.number(),
		/** Those whose median changed most, longest loss first. */
		mostLost: z.array(personSchema),
		mostWon: z.array(personSchema),
	}),
	totals: bothOf(
		z.object({
			started: z.number(),
			ended: z.number(),
			startsPerHour: z.number(),
			/** Of all slots, from 0 to 1. */
			used: z.number(),
			/** Runs whose node was away for too long. */
			lost: z.number(),
			/** Runs of idle-only work that gave their slot back to other work. */
			preempted: z.number(),
			removed: z.number(),
			neverStarted: z.number(),
		}),
	),
	/** Means of equal pieces of the period. */
	series: z.object({
		bucketMs: z.number(),
		/** Slots in use by group of nodes, from 0 to 1. */
		used: z.array(bothOf(z.array(z.number())).extend({ group: z.string() })),
		/** Tasks in line by class. */
		depth: z.array(bothOf(z.array(z.number())).extend({ serviceClass: z.string() })),
	}),
});
export type Comparison = z.infer<typeof comparisonSchema>;

export const whatIfAnswerSchema = comparisonSchema.extend({
	from: instantSchema,
	to: instantSchema,
	tasks: z.number(),
	/** How near the simulation of what was comes to what really happened. */
	fidelity: z.array(
		z.object({
			serviceClass: z.string(),
			tasks: z.number(),
			realP50Ms: z.number(),
			simulatedP50Ms: z.number(),
		}),
	),
	/** What is not as it was recorded, in sentences. */
	notes: z.array(z.string()),
});
export type WhatIfAnswer = z.infer<typeof whatIfAnswerSchema>;

/** How far the what-if is that is being worked out. */
export const whatIfProgressSchema = z.object({
	step: z
		.enum(['reading', 'before', 'after'])
		.describe('The record is read; then it is played as it was and changed, at once where there are processors for it'),
	share: z.number().min(0).max(1).describe('Of all of it'),
	since: instantSchema,
});
export type WhatIfProgress = z.infer<typeof whatIfProgressSchema>;

/** null: none is. One is worked out at a time, whoever asked for it. */
export const whatIfStateSchema = z.object({ progress: whatIfProgressSchema.nullable() });
