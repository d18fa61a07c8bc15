import { z } from 'zod';
import { idSchema } from './ids.ts';
import { instantSchema, taskStateSchema } from './task.ts';
import { dayOrInstantSchema } from './usage.ts';

export const usageListQuerySchema = z.strictObject({
	from: dayOrInstantSchema
		.optional()
		.describe('Day or instant (UTC), taken down to the hour; 31 days before the end unless told'),
	to: dayOrInstantSchema
		.optional()
		.describe('Day or instant (UTC), not included, taken up to the hour; now unless told'),
	limit: z.coerce.number().int().min(1).max(1_000).default(100),
});
export type UsageListQuery = z.infer<typeof usageListQuerySchema>;

const used = {
	attempts: z.number(),
	wallMs: z.number(),
	cpuMs: z.number(),
	bytesIn: z.number(),
	bytesOut: z.number(),
	amountMicro: z.number().describe('Millionths of the price book’s currency'),
};
const list = {
	from: instantSchema,
	to: instantSchema,
	since: instantSchema
		.nullable()
		.describe('What is older was not looked at: so much was used, or it is kept as sums only; null: all was'),
	left: z.number().describe('Items that the limit has cut off'),
};

/** What one's tasks have used, the dearest first. */
export const usageByTaskSchema = z.object({
	...list,
	items: z.array(
		z.object({
			task: idSchema('task').nullable().describe('null: it is not kept any more'),
			type: z.string(),
			state: taskStateSchema.nullable(),
			file: z.string().nullable().describe('Name of the file that it was for'),
			...used,
		}),
	),
});
export type UsageByTask = z.infer<typeof usageByTaskSchema>;

/** What was used for one's files, by the tasks that had them as their first input, the dearest first. */
export const usageByFileSchema = z.object({
	...list,
	items: z.array(
		z.object({
			file: idSchema('file').nullable().describe('null: work for no file, or for one that is not kept any more'),
			path: z.string().nullable().describe('null: it is in the trash'),
			name: z.string().nullable(),
			tasks: z.number(),
			...used,
		}),
	),
});
export type UsageByFile = z.infer<typeof usageByFileSchema>;
