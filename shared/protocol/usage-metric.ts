import { z } from 'zod';
import { instantSchema } from './task.ts';
import { personSchema } from './usage.ts';

/** One metric as MServe reports it (its docs/metrics.rst): the same names, and beside them the least and the most. */
export const usageMetricSchema = z.object({
	metric: z.string().describe('Such as http://mserve/ingest'),
	unit: z.enum(['s', 'bytes', 'bytes x s']),
	time: instantSchema.nullable().describe('When it was first reported; null: never yet'),
	reports: z.number().describe('How many there are, those in progress included'),
	total: z.number().describe('Sum of what was reported'),
	squares: z.number().describe('Sum of the squares of what was reported, for variance and deviation'),
	min: z.number().nullable(),
	max: z.number().nullable(),
	nInProgress: z.number().describe('How many go on now, which count on by the rate'),
	rate: z.number().describe('By how much it grows in a second now'),
	rateTime: instantSchema.nullable().describe('From when on the rate counts; of what has none, the last report'),
	rateCumulative: z
		.number()
		.describe('Not reported yet at rateTime. Until now it comes to: total + rateCumulative + rate x (now - rateTime)'),
});
export type UsageMetric = z.infer<typeof usageMetricSchema>;

export const usageMetricsSchema = z.object({ items: z.array(usageMetricSchema) });
export const adminUsageMetricsQuerySchema = z.strictObject({
	owner: personSchema.optional().describe('Everybody’s together unless told'),
});
