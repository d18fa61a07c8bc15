import { z } from 'zod';
import { serviceClassNameSchema } from './service-class-name.ts';
import { instantSchema } from './task.ts';

/** What has a price, and what one unit of it is. */
export const PRICED = [
	...(['cpuSecond', 'wallSecond', 'memoryGibHour', 'deviceSecond', 'gpuSecond'] as const),
	...(['attempt', 'gibIn', 'gibOut', 'gibStoredMonth', 'request'] as const),
] as const;
export type Priced = (typeof PRICED)[number];

/** A million units of money for one unit of work: whoever asks for more has mistaken the unit. */
const MOST_MICRO = 1_000_000_000_000;
const micro = z.int('must be a whole number of millionths').min(0).max(MOST_MICRO).default(0);

export const pricesSchema = z.strictObject(
	{
		cpuSecond: micro.describe('Millionths of the currency for a second of CPU, user and system'),
		wallSecond: micro.describe('For a second that an attempt held a slot'),
		memoryGibHour: micro.describe('For a GiB of memory over an hour'),
		deviceSecond: micro.describe('For a second of an exclusive device'),
		gpuSecond: micro,
		attempt: micro.describe('For each attempt that is charged'),
		gibIn: micro.describe('For a GiB that people upload'),
		gibOut: micro.describe('For a GiB that people download'),
		gibStoredMonth: micro.describe('For a GiB stored over 730 hours'),
		request: micro.describe('For a request of a person'),
	},
	{
		// Whoever mistypes a name is told all that there are.
		error: (issue) =>
			issue.code === 'unrecognized_keys'
				? `${issue.keys.slice(0, 5).join(', ')} is nothing that has a price; there is ${PRICED.join(', ')}`
				: undefined,
	},
);
export type Prices = z.infer<typeof pricesSchema>;

/** A factor with at most four decimal places, exact. */
export const classFactorSchema = z
	.string()
	.regex(/^\d{1,4}(\.\d{1,4})?$/, 'a decimal number with at most 4 places, such as 1.5')
	.describe('What a class pays for the same: 1.5 is half as much again; 1 unless told');

export const newPricesSchema = z.strictObject({
	from: instantSchema
		.optional()
		.describe('From when it counts: not in the past, and after all versions before; now unless told'),
	currency: z
		.string()
		.regex(/^[A-Z]{3}$/, 'three capitals, such as EUR')
		.default('EUR'),
	prices: pricesSchema,
	classFactors: z
		.record(serviceClassNameSchema, classFactorSchema)
		.refine((factors) => Object.keys(factors).length <= 200, 'at most 200 classes')
		.default({}),
	note: z.string().max(500).default(''),
});
export type NewPrices = z.input<typeof newPricesSchema>;

export const priceVersionSchema = z.object({
	version: z.number(),
	from: instantSchema,
	to: instantSchema.nullable().describe('When the next one begins to count'),
	state: z.enum(['past', 'current', 'coming']),
	currency: z.string(),
	prices: pricesSchema,
	classFactors: z.record(z.string(), z.string()),
	note: z.string(),
	createdAt: instantSchema,
	createdBy: z.string(),
});
export type PriceVersion = z.infer<typeof priceVersionSchema>;
