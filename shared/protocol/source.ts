import { z } from 'zod';
import { datasetNameSchema } from './dataset.ts';
import { freeNameSchema } from './free-name.ts';
import { idSchema } from './ids.ts';
import { jsonObjectSchema, pageQuerySchema } from './json.ts';
import { cronSchema, SCHEDULE_STATES, timeZoneSchema } from './schedule.ts';
import { instantSchema, taskSecretsSchema } from './task.ts';
import { taskTypeNameSchema } from './task-type.ts';

/*
 * A source gathers a topic: a task type with `source: true`, run again and again, each time from where it was left. What
 * it brings becomes the next version of a dataset of its own.
 *
 *   GET    /api/v1/sources?owner=&limit&cursor       oldest first             {items: SourceView[], nextCursor}
 *   POST   /api/v1/sources                           NewSource                201 SourceView (with dataset and schedule)
 *   GET    /api/v1/sources/{id}                                               SourceView; ETag is its version
 *   PUT    /api/v1/sources/{id}                      SourceChange, If-Match   SourceView
 *   DELETE /api/v1/sources/{id}                      If-Match                 204; its dataset stays, its schedules go
 *   POST   /api/v1/sources/{id}:run                                           202 {task, started}
 *   POST   /api/v1/sources/{id}:pause                {reason?}                SourceView (stopped, schedules paused)
 *   POST   /api/v1/sources/{id}:resume                                        SourceView
 *   POST   /api/v1/sources/{id}:reset                {confirm: name}          SourceView; the next run begins anew
 *   GET    /api/v1/sources/{id}/items?limit&cursor   newest first             {items: SourceItem[], nextCursor}
 *   GET    /api/v1/sources/{id}/runs?limit&cursor    newest first             {items: SourceRun[], nextCursor}
 *   GET    /api/v1/sources/{id}/use                  12 months, newest first  {items: SourceUse[]}
 */

/** Of `items.jsonl`, that one run brings. What is more stays for the next one. */
export const MOST_PART_BYTES = 8 * 1024 * 1024;

/** Most items and money of a calendar month. */
const MOST_ITEMS = 1_000_000_000;
const MOST_MONEY = 1_000_000;

const moneySchema = z.number().min(0).max(MOST_MONEY);

const changeFields = {
	name: freeNameSchema,
	parameters: jsonObjectSchema.default({}).describe('As the manifest of its type says'),
	secrets: taskSecretsSchema.default({}),
	mostItemsPerMonth: z
		.number()
		.int()
		.min(1)
		.max(MOST_ITEMS)
		.nullable()
		.default(null)
		.describe('In a calendar month, UTC; null: as many as there are'),
	pricePerItem: moneySchema.default(0).describe('What whoever is asked takes for an item, in your currency'),
	mostSpendPerMonth: moneySchema
		.nullable()
		.default(null)
		.describe('In a calendar month, UTC, by the price of an item; null: any amount'),
};

const pricedIfCapped = ({
	pricePerItem,
	mostSpendPerMonth,
}: {
	pricePerItem: number;
	mostSpendPerMonth: number | null;
}): boolean => mostSpendPerMonth === null || pricePerItem > 0;
const PRICED_IF_CAPPED = { message: 'needs the price of an item', path: ['mostSpendPerMonth'] };

/** All of it that can be changed. Its type stays. */
export const sourceChangeSchema = z.strictObject(changeFields).refine(pricedIfCapped, PRICED_IF_CAPPED);
export type SourceChange = z.infer<typeof sourceChangeSchema>;

export const newSourceSchema = z
	.strictObject({
		...changeFields,
		type: taskTypeNameSchema.describe('One whose manifest says `source: true`'),
		dataset: datasetNameSchema
			.optional()
			.describe('Where its items go: a new one, or one that a source of yours has filled and left; default: its name'),
		schedule: z
			.strictObject({ cron: cronSchema.default('30 7 * * *'), timeZone: timeZoneSchema.default('UTC') })
			.nullable()
			.default({ cron: '30 7 * * *', timeZone: 'UTC' })
			.describe('When it runs; null: only when it is asked to'),
	})
	.refine(pricedIfCapped, PRICED_IF_CAPPED);
export type NewSource = z.infer<typeof newSourceSchema>;

export const SOURCE_STATES = ['active', 'stopped'] as const;

/** What a month has brought, and what it still may. */
export const sourceUseSchema = z.object({
	month: z.string().describe('Such as 2026-11, UTC'),
	items: z.number(),
	spend: z.number(),
	reserved: z.number().describe('Items that runs which have not ended may still bring'),
	left: z.number().nullable().describe('Items that may still be read; null: any number'),
	endsAt: instantSchema.describe('When the next month begins'),
});
export type SourceUse = z.infer<typeof sourceUseSchema>;

/**
 * `open`: it has not ended. `done`: its items, if there were any, are in the dataset. `late`: the source was reset or
 * changed its dataset meanwhile, so what it brought stayed with its task. `unusable`: what it brought could not be taken.
 */
export const SOURCE_RUN_STATES = ['open', 'done', 'late', 'unusable', 'failed'] as const;

export const sourceRunSchema = z.object({
	task: idSchema('task'),
	state: z.enum(SOURCE_RUN_STATES),
	startedAt: instantSchema,
	finishedAt: instantSchema.nullable(),
	items: z.number(),
	/** Items that it counts as while it has not ended. */
	reserved: z.number(),
	more: z.boolean().describe('There was more than it was to read'),
	/** For its owner: what went wrong, or may be missing. */
	note: z.string().nullable(),
	datasetVersion: z.number().nullable(),
});
export type SourceRunView = z.infer<typeof sourceRunSchema>;

export const sourceViewSchema = z.object({
	id: idSchema('source'),
	version: z.number(),
	owner: idSchema('user'),
	name: z.string(),
	type: z.string(),
	parameters: jsonObjectSchema,
	secrets: z.record(z.string(), z.string()),
	mostItemsPerMonth: z.number().nullable(),
	pricePerItem: z.number(),
	mostSpendPerMonth: z.number().nullable(),
	dataset: z.object({ id: idSchema('dataset'), name: z.string(), version: z.number() }),
	state: z.enum(SOURCE_STATES),
	/** Why it is stopped, and what to do. */
	reason: z.string().nullable(),
	lastSuccessAt: instantSchema.nullable(),
	/** The one that was started last, ended or not. */
	lastRun: sourceRunSchema.nullable(),
	/** Of the month that is now. */
	use: sourceUseSchema,
	schedules: z.array(
		z.object({
			id: idSchema('schedule'),
			name: z.string(),
			sentence: z.string(),
			state: z.enum(SCHEDULE_STATES),
			nextRunAt: instantSchema.nullable(),
		}),
	),
	createdAt: instantSchema,
	updatedAt: instantSchema,
});
export type SourceView = z.infer<typeof sourceViewSchema>;

/** Text from outside: to be shown as text, never as anything else. */
export const sourceItemSchema = z.object({
	key: z.string(),
	at: instantSchema.nullable().describe('When it was made, as its source says'),
	foundAt: instantSchema.describe('When the run that brought it ended'),
	datasetVersion: z.number(),
	title: z.string().nullable(),
	text: z.string().nullable(),
	author: z.string().nullable(),
	link: z.string().nullable().describe('http or https only'),
	/** What else there is, each as text. */
	details: z.record(z.string(), z.string()),
});
export type SourceItem = z.infer<typeof sourceItemSchema>;

export const sourceStartSchema = z.object({
	task: idSchema('task'),
	started: z.boolean().describe('False: it was running already, with this task'),
});

export const pauseSourceSchema = z.strictObject({ reason: z.string().trim().min(1).max(500).optional() });
export const resetSourceSchema = z.strictObject({ confirm: z.string().max(100).describe('Its name once more') });

export const sourceListQuerySchema = pageQuerySchema.extend({
	/** For operators: another person's, or `all`. */
	owner: idSchema('user').or(z.literal('all')).optional(),
});
/** A page of items may hold much text. */
export const sourceItemsQuerySchema = pageQuerySchema.extend({
	limit: z.coerce.number().int().min(1).max(200).default(50),
});
