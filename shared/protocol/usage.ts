import { z } from 'zod';
import { idSchema } from './ids.ts';
import { pageOf, pageQuerySchema } from './json.ts';
import { serviceClassNameSchema } from './service-class-name.ts';
import { instantSchema } from './task.ts';
import { taskTypeNameSchema } from './task-type.ts';

/** Every kind of metered fact. Append only: sums are stored under the position of their kind. */
export const USAGE_KINDS = ['attempt', 'upload', 'download', 'storage', 'requests', 'correction'] as const;
export const usageKindSchema = z.enum(USAGE_KINDS);
export type UsageKind = z.infer<typeof usageKindSchema>;

/** Quantities summed; times in milliseconds, to the microsecond. */
export const usageSumsSchema = z.object({
	records: z.number().describe('Metered facts'),
	tasks: z.number().describe('Tasks of which the first attempt ended then'),
	wallMs: z.number(),
	cpuMs: z.number().describe('User and system time together'),
	userMs: z.number(),
	systemMs: z.number(),
	deviceMs: z.number().describe('Exclusive devices held, each for its time'),
	gpuMs: z.number(),
	memoryMibMs: z.number().describe('Resident memory summed over time: MiB x ms'),
	readBytes: z.number().describe('From storage, by the process trees'),
	writtenBytes: z.number(),
	bytesIn: z.number().describe('Moved between people, coordinator and nodes'),
	bytesOut: z.number(),
	storedMibS: z.number().describe('Stored content summed over time: MiB x s'),
	requests: z.number(),
	amountMicro: z.number().describe('Millionths of the price book’s currency'),
});
export type UsageSums = z.infer<typeof usageSumsSchema>;

const ownCorrectionSchema = z.object({
	record: z.number(),
	at: instantSchema,
	amountMicro: z.number(),
	reason: z.string(),
});
export type OwnCorrection = z.infer<typeof ownCorrectionSchema>;

const money = {
	currency: z.string().nullable().describe('Of all amounts; null: nothing has a price'),
	freeBefore: instantSchema
		.nullable()
		.describe(
			'When the first prices began to count, or will: what was used before is free; null: they counted all along',
		),
};

/** What a day of one's own usage comes to, by kind of work. */
export const usageAnswerSchema = z.object({
	...money,
	total: usageSumsSchema,
	corrections: z.array(ownCorrectionSchema).max(100).describe('The newest hundred; the items have the sums of all'),
	items: z.array(usageSumsSchema.extend({ day: z.string().describe('In UTC'), what: z.string() })),
});
export type UsageAnswer = z.infer<typeof usageAnswerSchema>;

/** A day begins at midnight in UTC. */
export const dayOrInstantSchema = z
	.union([instantSchema, z.iso.date()], 'must be a day or an instant, such as 2026-03-01 or 2026-03-01T10:00:00Z')
	.describe('An instant, or a day (UTC)');

/** Whose usage is meant. */
export const personSchema = z.string().min(1).max(100).describe('By id or name; a person who was deleted, by id');

/** What usage can be told apart by. */
export const CUT_BY = ['owner', 'group', 'class', 'queue', 'node', 'type', 'kind', 'hour', 'day'] as const;
export type CutBy = (typeof CUT_BY)[number];

export const usageCutQuerySchema = z.strictObject({
	from: dayOrInstantSchema
		.optional()
		.describe('Day or instant (UTC), taken down to the hour; 31 days before the end unless told'),
	to: dayOrInstantSchema
		.optional()
		.describe('Day or instant (UTC), not included, taken up to the hour; now unless told'),
	by: z.enum(CUT_BY).default('type'),
	zone: z
		.string()
		.regex(/^(Z|[+-](0\d|1[0-4]):00)$/, 'Z, or whole hours such as +02:00')
		.default('Z')
		.describe('In which days begin, for `by=day`'),
	owner: personSchema.optional(),
	group: idSchema('group').optional().describe('Those who are in it today, or in a group within it'),
	class: serviceClassNameSchema.optional(),
	queue: z.string().max(100).optional(),
	node: idSchema('node').optional(),
	type: taskTypeNameSchema.optional(),
	kind: usageKindSchema.optional(),
	limit: z.coerce.number().int().min(1).max(10_000).default(1_000),
});
export type UsageCutQuery = z.infer<typeof usageCutQuerySchema>;

const sharesSchema = usageSumsSchema.extend({
	nodes: z
		.object({ bytesIn: z.number(), bytesOut: z.number() })
		.describe('Of what went in and out: what nodes fetched and handed over; the rest are people’s transfers'),
	lost: z
		.object({ records: z.number(), wallMs: z.number(), cpuMs: z.number() })
		.describe('The platform’s own loss: used, and charged to nobody'),
});

export const usageCutSchema = z.object({
	...money,
	from: instantSchema,
	to: instantSchema,
	by: z.enum(CUT_BY),
	total: sharesSchema,
	items: z.array(
		sharesSchema.extend({
			key: z.string().nullable().describe('An id, a name, or an instant; null: none'),
			name: z
				.string()
				.nullable()
				.describe('In words; null when it is not there any more, such as a person who was deleted'),
		}),
	),
	left: z.number().describe('Items that the limit has cut off; the total has them'),
});
export type UsageCut = z.infer<typeof usageCutSchema>;
/** The facts that a sum is made of: narrowed down like the sum. */
export const usageRecordQuerySchema = pageQuerySchema.extend({
	from: dayOrInstantSchema.optional(),
	to: dayOrInstantSchema.optional(),
	owner: personSchema.optional(),
	class: serviceClassNameSchema.optional(),
	queue: z.string().max(100).optional(),
	node: idSchema('node').optional(),
	type: taskTypeNameSchema.optional(),
	kind: usageKindSchema.optional(),
});
export type UsageRecordQuery = z.infer<typeof usageRecordQuerySchema>;

export const usageRecordViewSchema = z.object({
	record: z.number(),
	at: instantSchema,
	owner: z.string().nullable(),
	kind: usageKindSchema,
	task: z.string().nullable().describe('Null with an attempt: the task is no longer kept'),
	attempt: z.number().nullable(),
	charged: z.boolean().describe('False: the platform’s own loss'),
	node: z.string().nullable(),
	type: z.string().nullable(),
	queue: z.string().nullable(),
	class: z.string().nullable(),
	wallMs: z.number(),
	cpuMs: z.number(),
	peakMemoryBytes: z.number(),
	bytesIn: z.number(),
	bytesOut: z.number(),
	storedMibS: z.number(),
	requests: z.number(),
	measured: z.string().nullable().describe('How CPU and memory were measured'),
	flags: z.string().nullable().describe('Figures that could not be and were cut'),
	priceVersion: z.number().nullable(),
	amountMicro: z.number(),
	reason: z.string().nullable().describe('Of a correction; null: of no correction, or of somebody who was deleted'),
});

export const usageRecordPageSchema = pageOf(usageRecordViewSchema).extend({
	keptFrom: instantSchema.nullable().describe('What was metered before is kept as sums only; null: all is kept'),
});
export type UsageRecordPage = z.infer<typeof usageRecordPageSchema>;

export const usageCorrectionSchema = z.strictObject({
	owner: personSchema,
	amountMicro: z
		.int('must be a whole number of millionths, such as -250000 for -0.25')
		.min(-1e15)
		.max(1e15)
		.describe('Millionths of the currency; below zero: what they owe less'),
	reason: z.string('must say why; the person reads it').trim().min(1, 'must say why; the person reads it').max(500),
});
export type UsageCorrection = z.infer<typeof usageCorrectionSchema>;

export const usageCorrectedSchema = z.object({
	record: z.number(),
	owner: z.string(),
	name: z.string().nullable().describe('null: deleted since'),
	amountMicro: z.number(),
	monthMicro: z.number().describe('What all that they used in this month (UTC) comes to now'),
});
export type UsageCorrected = z.infer<typeof usageCorrectedSchema>;

export const usageVerdictSchema = z.object({
	ok: z.boolean(),
	records: z.number().describe('Whose amounts were worked out again'),
	sealedDays: z.number().describe('Days whose seals were made again and fit'),
	summedDays: z.number().describe('Days before them of which only sums are kept, and fit'),
	lastSeal: z
		.object({ day: z.string(), hash: z.string() })
		.nullable()
		.describe('Of the last of them: note it elsewhere, and nobody can make all of them anew unseen'),
	difference: z.string().nullable().describe('The first that was found'),
});
export type UsageVerdict = z.infer<typeof usageVerdictSchema>;
export type UsageCutItem = UsageCut['items'][number];
