import { z } from 'zod';
import { datasetInputSchema } from './dataset.ts';
import { idSchema, sha256Schema } from './ids.ts';
import { jsonObjectSchema, pageQuerySchema } from './json.ts';
import { filedOutputSchema, filingSchema } from './result.ts';
import { serviceClassNameSchema } from './service-class-name.ts';
import { secretSlotSchema, taskTypeNameSchema } from './task-type.ts';
import { timeRangeSchema, waitingSchema } from './waiting.ts';

export const OPEN_TASK_STATES = ['waiting', 'queued', 'running', 'retrying'] as const;
export const FINAL_TASK_STATES = ['succeeded', 'failed', 'cancelled', 'expired', 'quarantined'] as const;
/** Over, and neither done nor cancelled: what a job counts as failed. */
export const UNSUCCESSFUL_TASK_STATES = ['failed', 'expired', 'quarantined'] as const;
export const TASK_STATES = [...OPEN_TASK_STATES, ...FINAL_TASK_STATES] as const;
export const taskStateSchema = z.enum(TASK_STATES);
export type TaskState = z.infer<typeof taskStateSchema>;
export type FinalTaskState = (typeof FINAL_TASK_STATES)[number];

export const isFinalTaskState = (state: TaskState): state is FinalTaskState =>
	(FINAL_TASK_STATES as readonly string[]).includes(state);

/** How an attempt ended. `returned` and `lost` are the platform's doing and cost the user nothing. */
export const ATTEMPT_STATES = ['running', 'succeeded', 'failed', 'cancelled', 'returned', 'lost'] as const;
export const attemptStateSchema = z.enum(ATTEMPT_STATES);
export type AttemptState = z.infer<typeof attemptStateSchema>;

export const routingKeySchema = z
	.string()
	.max(255)
	.regex(/^[A-Za-z0-9_-]+(\.[A-Za-z0-9_-]+)*$/, 'words of letters, digits, _ or - joined by dots');

/** Words joined by dots; `*` stands for one word, `#` for any number of words, none included (AMQP topic rules). */
export const bindingKeySchema = z
	.string()
	.max(255)
	.regex(/^([A-Za-z0-9_-]+|\*|#)(\.([A-Za-z0-9_-]+|\*|#))*$/, 'words, * or # joined by dots');

/** A file as a task's input: its newest version, or a given one. */
const fileInputSchema = z.strictObject({
	file: idSchema('file'),
	version: z.number().int().min(1).optional(),
});
export type FileInput = z.infer<typeof fileInputSchema>;
export const taskInputSchema = z.union([fileInputSchema, datasetInputSchema]);
export type TaskInput = z.infer<typeof taskInputSchema>;

/** Milliseconds since 1970 as an integer inside, ISO 8601 with zone at the doors. */
export const instantSchema = z.iso.datetime({ offset: true });

export const taskSecretsSchema = z
	.record(secretSlotSchema, idSchema('secret'))
	.refine((secrets) => Object.keys(secrets).length <= 4, 'at most 4 secrets')
	.describe('Secrets of one’s own that it is given when it runs, by the names under which its type asks for them');

export const taskSubmissionSchema = z.strictObject({
	type: taskTypeNameSchema,
	inputs: z.array(taskInputSchema).max(1000).default([]),
	parameters: jsonObjectSchema.default({}),
	routingKey: routingKeySchema.optional(),
	/** 0 (last) to 9 (first) among one person's own tasks. */
	priority: z.number().int().min(0).max(9).default(4),
	notBefore: instantSchema.optional(),
	expiresAt: instantSchema.optional(),
	/** At most one open task of one person has the same dedupe key: a second submit answers with the first one's id. */
	dedupeKey: z.string().min(1).max(200).optional(),
	/** Tasks that must succeed before this one is queued. */
	after: z.array(idSchema('task')).max(100).optional(),
	secrets: taskSecretsSchema.optional(),
	results: filingSchema.optional().describe('Where its outputs go as files; left out: they stay with the task'),
	serviceClass: serviceClassNameSchema
		.optional()
		.describe(
			'The class that it goes by: the one that its owner is in, or any idle-only one; operators name any. Left out: the owner’s, whichever that is',
		),
});
export type TaskSubmission = z.infer<typeof taskSubmissionSchema>;

/** Most tasks in one batch, and most bytes of it as JSON: enough for so many with some hundred characters each. */
export const MAX_BATCH = 10_000;
export const MAX_BATCH_BYTES = 8 * 1024 * 1024;

export const taskBatchSchema = z.strictObject({ tasks: z.array(taskSubmissionSchema).min(1).max(MAX_BATCH) });

/** How CPU and memory of an attempt were measured; docs/accounting.md says what each is good for. */
export const USAGE_MEASURES = ['cgroup', 'rusage', 'proc', 'none'] as const;
export type UsageMeasure = (typeof USAGE_MEASURES)[number];

/** What was used, as people see it; times are milliseconds with three decimals. */
export const taskUsageSchema = z.object({
	wallMs: z.number(),
	cpuMs: z.number().describe('User and system CPU of the whole process tree'),
	userMs: z.number().default(0),
	systemMs: z.number().default(0),
	peakMemoryBytes: z.number(),
	memoryMibMs: z.number().default(0).describe('Resident memory summed over time, MiB x ms'),
	readBytes: z.number().default(0).describe('From storage, by the process tree'),
	writtenBytes: z.number().default(0).describe('To storage, by the process tree'),
	deviceMs: z.number().default(0).describe('Exclusive devices held, each for the time of its lease'),
	gpuMs: z.number().default(0),
	bytesIn: z.number().describe('Fetched from the coordinator'),
	bytesOut: z.number().describe('Handed over to the coordinator'),
	measured: z
		.string()
		.nullable()
		.default(null)
		.describe('How CPU and memory were measured: cgroup, rusage, proc; `none`, null: not at all; `mixed`: by attempt'),
	flags: z.array(z.string()).default([]).describe('Figures that could not be and were cut to what can'),
});
export type TaskUsage = z.infer<typeof taskUsageSchema>;

export const attemptSchema = z.object({
	id: z.string(),
	number: z.number(),
	node: z.string(),
	state: attemptStateSchema,
	startedAt: instantSchema,
	finishedAt: instantSchema.nullable(),
	reason: z.string().nullable(),
	usage: taskUsageSchema.nullable().describe('Null while it runs, and when it is no longer kept'),
});
export type AttemptView = z.infer<typeof attemptSchema>;

export const taskOutputSchema = z.object({
	name: z.string(),
	size: z.number(),
	sha256: sha256Schema,
	mediaType: z.string(),
	url: z.string(),
});

export const taskSummarySchema = z.object({
	id: idSchema('task'),
	version: z.number(),
	type: z.string(),
	state: taskStateSchema,
	owner: idSchema('user'),
	ownerName: z.string().nullable().default(null).describe('The owner’s name; only administrators are told'),
	routingKey: z.string(),
	queue: z.string().nullable(),
	priority: z.number(),
	serviceClass: z
		.string()
		.nullable()
		.describe('The service class that it goes by now; once it is over, the one that was asked for, or null'),
	createdAt: instantSchema,
	queuedAt: instantSchema.nullable(),
	startedAt: instantSchema.nullable(),
	finishedAt: instantSchema.nullable(),
	notBefore: instantSchema.nullable(),
	expiresAt: instantSchema.nullable(),
	/** 0 to 1, or null while nothing is known. */
	progress: z.number().nullable(),
	phase: z.string().nullable(),
	/** Name of the node where it runs, or ran last once it is over. */
	node: z.string().nullable(),
	cancelRequested: z.boolean(),
	/** Out of line until it is released; what runs goes on, and does not start again. */
	held: z.object({ since: instantSchema, reason: z.string().nullable(), by: z.string() }).nullable().default(null),
	/** It goes before everything that is not boosted. */
	boosted: z.boolean().default(false),
	/** Why it failed, in words for a person; null unless it did. */
	error: z.object({ code: z.string(), message: z.string() }).nullable(),
	inputs: z.array(
		z.object({
			file: z.string().nullable().describe('Null: it is a file of a dataset'),
			dataset: z.string().optional().describe('Public id of the dataset that it is of, if it is of one'),
			path: z.string().nullable(),
			version: z.number().describe('Of the file, or of the dataset'),
			sha256: sha256Schema,
		}),
	),
});
export type TaskSummary = z.infer<typeof taskSummarySchema>;

export const taskDetailSchema = taskSummarySchema.extend({
	typeVersion: z.number().nullable().default(null).describe('Of the task type, as it was when the task was made'),
	parameters: jsonObjectSchema,
	/** Names under which it was given secrets. */
	secrets: z.array(z.string()).default([]),
	attempts: z.array(attemptSchema),
	result: jsonObjectSchema.nullable(),
	outputs: z.array(taskOutputSchema),
	usage: taskUsageSchema,
	estimateMicro: z
		.number()
		.nullable()
		.default(null)
		.describe('What it was expected to cost when it was made; null: nothing had a price'),
	amountMicro: z
		.number()
		.default(0)
		.describe('What its attempts have cost so far, in millionths of the price book’s currency'),
	after: z.array(z.string()),
	/** One sentence: the rule, who or what is ahead, what would unblock it. Null unless the task waits. */
	waitingBecause: z.string().nullable(),
	/** The same with the facts behind it. */
	waiting: waitingSchema.nullable(),
	/** When it starts and ends; null when it has done so, and when it is not known yet. */
	startsAt: timeRangeSchema.nullable(),
	finishesAt: timeRangeSchema.nullable(),
	/** Why it was made; null: somebody submitted it by itself. */
	origin: z
		.object({
			cause: z.string(),
			recipe: z.string().nullable(),
			recipeVersion: z.number().nullable(),
			step: z.number().nullable(),
		})
		.nullable()
		.default(null),
	/** Where its outputs go as files; null: they stay with it. */
	results: filingSchema.nullable().default(null),
	/** What became of each output that was to be a file. */
	filings: z.array(filedOutputSchema).default([]),
});
export type TaskDetail = z.infer<typeof taskDetailSchema>;

/**
 * A state, or what several states have in common: those that are open, those that are over, those of them that neither
 * succeeded nor were cancelled, those that somebody holds.
 */
export const taskListStateSchema = z.enum([...TASK_STATES, 'open', 'final', 'unsuccessful', 'held']);

/** Names a cause of failures: the same after every restart. */
export const causeIdSchema = z.string().regex(/^[0-9a-f]{16}$/, 'must be the group of a list of causes');

export const taskListQuerySchema = pageQuerySchema.extend({
	state: taskListStateSchema.optional(),
	type: taskTypeNameSchema.optional(),
	queue: z.string().max(100).optional(),
	file: idSchema('file').optional(),
	job: idSchema('job').optional(),
	/** Those that wait for room in this budget. */
	budget: idSchema('budget').optional(),
	/** Administrators and operators only: another person's tasks, or `all`. */
	owner: idSchema('user').or(z.literal('all')).optional(),
	/** The class that the task goes by now. */
	serviceClass: serviceClassNameSchema.optional(),
	/** Name of the node where it runs, or ran last once it is over. */
	node: z.string().min(1).max(100).optional(),
	/** Without a state: of those that failed, were quarantined, or are to be tried again. */
	errorCode: z.string().min(1).max(100).optional(),
	/** Of the causes of what failed; what was discarded is left out. */
	cause: causeIdSchema.optional(),
	/** Submitted before, and not before. */
	before: instantSchema.optional(),
	after: instantSchema.optional(),
});
export type TaskListQuery = z.infer<typeof taskListQuerySchema>;

export const logLineSchema = z.object({
	seq: z.number(),
	at: instantSchema,
	stream: z.enum(['out', 'err', 'system']),
	text: z.string(),
});
export type LogLine = z.infer<typeof logLineSchema>;
