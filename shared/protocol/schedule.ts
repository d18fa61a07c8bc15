import { z } from 'zod';
import { freeNameSchema } from './free-name.ts';
import { idSchema } from './ids.ts';
import { pageQuerySchema } from './json.ts';
import { checkWish, wishFields, withWish } from './schedule-wish.ts';
import { instantSchema } from './task.ts';

/** Shortest and longest interval between two runs. Milliseconds. */
const LEAST_EVERY_MS = 10_000;
const MOST_EVERY_MS = 366 * 86_400_000;

export const cronSchema = z
	.string()
	.max(200)
	.describe(
		'Five fields: minute, hour, day of the month, month, day of the week; or @hourly, @daily, @weekly, @monthly, @yearly',
	);
export const timeZoneSchema = z
	.string()
	.max(64)
	.regex(/^[A-Za-z0-9_+-]+(\/[A-Za-z0-9_+-]+){0,3}$/, 'must be a name such as Europe/London')
	.describe('The IANA name of the zone in which the times are meant');
const everySchema = z
	.number()
	.int()
	.min(LEAST_EVERY_MS)
	.max(MOST_EVERY_MS)
	.multipleOf(1_000)
	.describe('Milliseconds from one run to the next, in whole seconds; counted from when the schedule was made');

const ruleFields = {
	cron: cronSchema.optional(),
	every: everySchema.optional(),
	timeZone: timeZoneSchema.default('UTC'),
};

const oneOfBoth = ({ cron, every }: { cron?: string | undefined; every?: number | undefined }): boolean =>
	(cron === undefined) !== (every === undefined);
const ONE_OF_BOTH = { message: 'give either cron or every', path: ['cron'] };

export const MISFIRES = ['skip', 'once', 'all'] as const;
export const OVERLAPS = ['skip', 'queue', 'cancel-old'] as const;

const draftFields = {
	name: freeNameSchema,
	...ruleFields,
	...wishFields,
	misfire: z
		.enum(MISFIRES)
		.default('once')
		.describe(
			'What becomes of times that passed while nothing could run: skip them, run once for all, or run all of them',
		),
	overlap: z
		.enum(OVERLAPS)
		.default('skip')
		.describe('When the last run has not ended: skip this one, queue it, or cancel the old one'),
	pauseAfter: z
		.number()
		.int()
		.min(0)
		.max(1_000)
		.default(5)
		.describe('Failures in a row after which it pauses; 0: never'),
};

const isWhole = (draft: z.infer<z.ZodObject<typeof draftFields>>, context: z.RefinementCtx): void => {
	checkWish(draft, (path, message) => context.addIssue({ code: 'custom', path, message }));
};

/** A schedule as it is to be. */
export const scheduleDraftSchema = z.strictObject(draftFields).refine(oneOfBoth, ONE_OF_BOTH).superRefine(isWhole);
export type ScheduleDraft = z.infer<typeof scheduleDraftSchema>;

export const newScheduleSchema = z
	.strictObject({ ...draftFields, paused: z.boolean().default(false) })
	.refine(oneOfBoth, ONE_OF_BOTH)
	.superRefine(isWhole);
export type NewSchedule = z.infer<typeof newScheduleSchema>;

export const SCHEDULE_STATES = ['active', 'paused'] as const;
export const RUN_OUTCOMES = ['started', 'queued', 'skipped', 'missed', 'refused'] as const;
export type RunOutcome = (typeof RUN_OUTCOMES)[number];

const summaryFields = {
	id: idSchema('schedule'),
	version: z.number(),
	owner: idSchema('user'),
	name: z.string(),
	cron: z.string().nullable(),
	every: z.number().nullable(),
	timeZone: z.string(),
	/** When it runs, in words. */
	sentence: z.string(),
	misfire: z.enum(MISFIRES),
	overlap: z.enum(OVERLAPS),
	pauseAfter: z.number(),
	/** In a row. */
	failures: z.number(),
	state: z.enum(SCHEDULE_STATES),
	/** Why it is paused. */
	reason: z.string().nullable(),
	nextRunAt: instantSchema.nullable(),
	lastRun: z
		.object({ nominalAt: instantSchema, outcome: z.enum(RUN_OUTCOMES), jobState: z.string().nullable() })
		.nullable(),
	createdAt: instantSchema,
	updatedAt: instantSchema,
};

export const scheduleSummarySchema = withWish(summaryFields);
export type ScheduleSummary = z.infer<typeof scheduleSummarySchema>;

/** `nextRuns`: the next ten times, none while it is paused. */
export const scheduleViewSchema = withWish({ ...summaryFields, nextRuns: z.array(instantSchema) });
export type ScheduleView = z.infer<typeof scheduleViewSchema>;

/** One whose runs are each a task of a type. */
export type TaskSchedule = Extract<ScheduleView, { type: string }>;

export const schedulePreviewQuerySchema = z.strictObject(ruleFields).refine(oneOfBoth, ONE_OF_BOTH);
export type SchedulePreviewQuery = z.infer<typeof schedulePreviewQuerySchema>;

export const schedulePreviewSchema = z.object({ sentence: z.string(), nextRuns: z.array(instantSchema) });

export const pauseScheduleSchema = z.strictObject({ reason: z.string().trim().min(1).max(500).optional() });

export const scheduleRunSchema = z.object({
	id: idSchema('scheduleRun'),
	/** The time that it is the run of; of a run by hand when that was asked for. */
	nominalAt: instantSchema,
	firedAt: instantSchema,
	kind: z.enum(['tick', 'catch-up', 'manual']),
	outcome: z.enum(RUN_OUTCOMES),
	reason: z.string().nullable(),
	job: z.object({ id: idSchema('job'), state: z.string(), tasks: z.array(idSchema('task')) }).nullable(),
});
export type ScheduleRunView = z.infer<typeof scheduleRunSchema>;

export const scheduleListQuerySchema = pageQuerySchema.extend({
	/** For operators: another person's, or `all`. */
	owner: idSchema('user').or(z.literal('all')).optional(),
});
