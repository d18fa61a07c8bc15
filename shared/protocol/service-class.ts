import { z } from 'zod';
import { queueNameSchema } from './node.ts';
import { bindingKeySchema, instantSchema } from './task.ts';
import { taskTypeNameSchema } from './task-type.ts';

/** The class of everybody who was given no other; it is always there. */
export const STANDARD_CLASS = 'standard';

export const serviceClassNameSchema = z
	.string()
	.regex(/^[a-z0-9][a-z0-9-]{0,62}$/, 'lower-case letters, digits and dashes; 1 to 63 characters');

const atLeastOne = (most: number) =>
	z.number().int().min(1, 'at least 1; to stop work, pause a queue or hold tasks').max(most);
const count = atLeastOne(1_000_000_000).nullable().default(null);
const bytes = atLeastOne(Number.MAX_SAFE_INTEGER).nullable().default(null);

/** So many a minute on average, and so many at once after a rest. */
const rateSchema = z.strictObject({
	perMinute: z.number().positive().max(1_000_000),
	burst: z.number().int().min(1).max(1_000_000).default(1),
});
export type Rate = z.infer<typeof rateSchema>;
const rate = rateSchema.nullable().default(null);

const capsSchema = z.strictObject({
	/** Running tasks of the whole class. */
	running: count,
	/** Running tasks of each of its people. */
	runningPerUser: count,
	/** Open tasks of each of its people that do not run yet. */
	queued: count,
	/** Cores and memory that the class's running tasks ask for together. */
	cores: count,
	memoryBytes: bytes,
	/** Running tasks of the class by task type. */
	perType: z.record(taskTypeNameSchema, atLeastOne(1_000_000)).default({}),
});
const ratesSchema = z.strictObject({
	/** Starts of the whole class. */
	starts: rate,
	/** Submitted tasks of each of its people. */
	submits: rate,
});
/** Of each of its people. */
const quotasSchema = z.strictObject({
	storedBytes: bytes,
	files: count,
	/** Up and down together, in a calendar month (UTC). */
	transferBytesPerMonth: bytes,
});
/** Of each of its people, over all of that person's connections. */
const bandwidthSchema = z.strictObject({ uploadBytesPerSecond: bytes, downloadBytesPerSecond: bytes });

/** What a service class gives: null means no limit. Everything that is left out has the value of a plain class. */
export const serviceClassSettingsSchema = z
	.strictObject({
		description: z.string().max(500).default(''),
		/** 0 (last) to 9 (first): a band goes before all lower ones, which age so that they still start. */
		band: z.number().int().min(0).max(9).default(5),
		/** Its share among the classes of its band, in proportion to theirs. */
		weight: z.number().min(0.01).max(1_000).default(1),
		/** Gets only what no other class can use, and gives it back within two seconds. */
		idleOnly: z.boolean().default(false),
		allowedQueues: z.array(queueNameSchema).min(1).max(100).nullable().default(null),
		allowedRoutingKeys: z.array(bindingKeySchema).min(1).max(100).nullable().default(null),
		caps: capsSchema.prefault({}),
		rates: ratesSchema.prefault({}),
		quotas: quotasSchema.prefault({}),
		bandwidth: bandwidthSchema.prefault({}),
		/** A task is asked to stop after so long, if its type would let it run longer. */
		longestRunMs: atLeastOne(31 * 86_400_000)
			.nullable()
			.default(null),
		/** What its people's use is multiplied by. */
		priceFactor: z.number().min(0).max(1_000).default(1),
		/** Outside of this time its people are in the class that they would have without it. */
		validFrom: instantSchema.nullable().default(null),
		validUntil: instantSchema.nullable().default(null),
	})
	.superRefine(({ caps, validFrom, validUntil }, context) => {
		if (caps.running !== null && caps.runningPerUser !== null && caps.runningPerUser > caps.running) {
			context.addIssue({
				code: 'custom',
				path: ['caps', 'runningPerUser'],
				message: 'one person cannot run more than the whole class (caps.running)',
			});
		}
		if (validFrom !== null && validUntil !== null && Date.parse(validFrom) >= Date.parse(validUntil)) {
			context.addIssue({ code: 'custom', path: ['validUntil'], message: 'must lie after validFrom' });
		}
	});
export type ServiceClassSettings = z.infer<typeof serviceClassSettingsSchema>;
/** As an administrator writes it: what is left out is plain. */
export type ServiceClassInput = z.input<typeof serviceClassSettingsSchema>;

export const plainSettings = (): ServiceClassSettings => serviceClassSettingsSchema.parse({});

/** How somebody came to a class: it was given to the person, to a group that the person is in, or to nobody in particular. */
export const classSourceSchema = z.discriminatedUnion('by', [
	z.object({ by: z.literal('user') }),
	z.object({ by: z.literal('group'), group: z.string() }),
	z.object({ by: z.literal('default') }),
]);
export type ClassSource = z.infer<typeof classSourceSchema>;
