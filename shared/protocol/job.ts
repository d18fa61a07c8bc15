import { z } from 'zod';
import { datasetRefSchema } from './dataset.ts';
import { idSchema } from './ids.ts';
import { pageQuerySchema } from './json.ts';
import { MAX_STEPS, mediaPatternsSchema, recipeStepSchema } from './recipe.ts';
import { filingSchema, folderPathSchema } from './result.ts';
import { serviceClassNameSchema } from './service-class.ts';
import { instantSchema, routingKeySchema } from './task.ts';

/** What a job is over: named files, those of a folder or a dataset that are there when it is asked for, or what failed before. */
export const selectionSchema = z.union([
	z.strictObject({ files: z.array(idSchema('file')).min(1).max(1000) }),
	z.strictObject({
		folder: folderPathSchema,
		/** Also what lies in folders of the folder. */
		recursive: z.boolean().default(true),
		/** Only files that were found to be of these types. */
		mediaTypes: mediaPatternsSchema.optional(),
		/** Only files that have been as they are since before; left out: all that were there before the job, as they are. */
		modifiedBefore: instantSchema.optional(),
	}),
	z.strictObject({
		/** Name or id. */
		dataset: datasetRefSchema,
		/** Left out: the newest when it is asked for. */
		version: z.number().int().min(1).optional(),
		/** A folder in it with all that lies below, or a file; left out: everything. */
		under: z.string().min(1).max(4096).optional(),
		mediaTypes: mediaPatternsSchema.optional(),
	}),
	/** The tasks of a job that failed for good, each with its step and its files as they are now. */
	z.strictObject({ job: idSchema('job'), outcome: z.literal('failed') }),
]);
export type Selection = z.infer<typeof selectionSchema>;

/** What of a wish says over what, and how. */
export const jobTermFields = {
	/** Left out: the steps take no files, and each makes one task. */
	over: selectionSchema.optional(),
	/** each: a task for each file · together: one task for all files, which must be named ones */
	spread: z.enum(['each', 'together']).default('each'),
	/** Instead of those of the steps. */
	routingKey: routingKeySchema.optional(),
	serviceClass: serviceClassNameSchema.optional(),
	/** backfill: what is there already, after all fresh work, only when nodes have nothing else to do. */
	lane: z.enum(['fresh', 'backfill']).default('fresh'),
	/** Where outputs go, instead of what the steps say. */
	results: filingSchema.optional(),
};
type JobTerms = z.infer<z.ZodObject<typeof jobTermFields>>;

/** What cannot be told of one field alone. */
export const checkJobTerms = ({ over, spread, lane, serviceClass }: JobTerms, context: z.RefinementCtx): void => {
	const refuse = (path: string, message: string) => context.addIssue({ code: 'custom', path: [path], message });
	if (spread === 'together' && !(over && 'files' in over)) refuse('spread', 'only named files go together');
	if (lane === 'backfill' && serviceClass !== undefined) refuse('serviceClass', 'the backfill lane has its own');
};

/** What a person, or a schedule, wants done in one go. */
export const jobWishSchema = z
	.strictObject({
		/** A recipe, or steps by themselves; neither when it is over the failed tasks of a job. */
		recipe: idSchema('recipe').optional(),
		steps: z.array(recipeStepSchema).min(1).max(MAX_STEPS).optional(),
		...jobTermFields,
		title: z.string().trim().min(1).max(200).optional(),
	})
	.superRefine((wish, context) => {
		const isAgain = wish.over !== undefined && 'job' in wish.over;
		const given = [wish.recipe, wish.steps].filter((one) => one !== undefined).length;
		if (given !== (isAgain ? 0 : 1)) {
			const message = isAgain ? 'the steps of that job are done again: give none' : 'give either a recipe or steps';
			context.addIssue({ code: 'custom', path: ['recipe'], message });
		}
		checkJobTerms(wish, context);
	});
export type JobWish = z.infer<typeof jobWishSchema>;
/** As one writes it: defaults left out. */
export type NewJobWish = z.input<typeof jobWishSchema>;

export const JOB_CAUSES = ['demand', 'backfill', 'schedule', 'again'] as const;
/** feeding: its tasks are still being made · paused: by its owner */
export const JOB_STATES = ['feeding', 'running', 'paused', 'done', 'failed', 'cancelled'] as const;
export type JobState = (typeof JOB_STATES)[number];

export const jobSchema = z.object({
	id: idSchema('job'),
	title: z.string(),
	cause: z.enum(JOB_CAUSES),
	state: z.enum(JOB_STATES),
	recipe: idSchema('recipe').nullable(),
	recipeVersion: z.number().nullable(),
	/** Of all tasks that were made so far. */
	tasks: z.object({
		total: z.number(),
		open: z.number(),
		succeeded: z.number(),
		failed: z.number(),
		cancelled: z.number(),
	}),
	/** All of its tasks have been made. */
	isWhole: z.boolean(),
	planned: z.number().nullable().describe('Tasks as they were counted beforehand'),
	skipped: z.array(z.object({ reason: z.string(), count: z.number() })),
	waiting: z.string().nullable().describe('Why no more of its tasks are made now'),
	createdAt: instantSchema,
	finishedAt: instantSchema.nullable(),
});
export type JobView = z.infer<typeof jobSchema>;

export const jobListQuerySchema = pageQuerySchema.extend({
	state: z.enum(JOB_STATES).or(z.literal('open')).optional(),
	recipe: idSchema('recipe').optional(),
	cause: z.enum(JOB_CAUSES).optional(),
});
export type JobListQuery = z.infer<typeof jobListQuerySchema>;

/** What a wish would come to. Nothing is made. */
export const dryRunSchema = z.object({
	files: z.number(),
	tasks: z.number(),
	/** False: there are more files; these are the first. */
	isWhole: z.boolean(),
	skipped: z.array(z.object({ reason: z.string(), count: z.number(), example: z.string() })),
	bytesIn: z.number(),
	cost: z.object({
		/** Time in slots of nodes, by what such tasks took lately. */
		wallMs: z.number(),
		/** Tasks of types that have not run lately: they are taken for short ones. */
		tasksOfUnknownType: z.number(),
	}),
	queues: z.array(z.object({ queue: z.string().nullable(), tasks: z.number() })),
	/** In how long the first of them in each queue would start, from now; null: that cannot be told. */
	waits: z.array(
		z.object({
			queue: z.string().nullable(),
			range: z
				.object({ fromMs: z.number(), toMs: z.number(), confidence: z.number().describe('How likely it is within') })
				.nullable(),
		}),
	),
	serviceClass: z.string(),
});
export type DryRun = z.infer<typeof dryRunSchema>;

export const applySchema = z.strictObject({
	/** Only count. */
	dryRun: z.boolean().default(false),
	/** Also files for which the trigger has fired before. */
	again: z.boolean().default(false),
});
