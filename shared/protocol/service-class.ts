import { z } from 'zod';
import { queueNameSchema } from './node.ts';
import { serviceClassNameSchema } from './service-class-name.ts';
import { bindingKeySchema, instantSchema } from './task.ts';
import { taskTypeNameSchema } from './task-type.ts';

const atLeastOne = (most: number) =>
	z.number().int().min(1, 'at least 1; to stop work, pause a queue or hold tasks').max(most);
const count = (meaning: string) =>
	atLeastOne(1_000_000_000).nullable().default(null).describe(`${meaning}; null: no limit`);
const bytes = (meaning: string) =>
	atLeastOne(Number.MAX_SAFE_INTEGER).nullable().default(null).describe(`${meaning}; null: no limit`);

const rateSchema = z.strictObject({
	perMinute: z
		.number()
		.min(0.001, 'at least 0.001, that is one in 17 hours')
		.max(1_000_000)
		.describe('So many a minute on average; may be below 1'),
	burst: z.number().int().min(1).max(1_000_000).default(1).describe('So many at once after a rest'),
});
export type Rate = z.infer<typeof rateSchema>;
const rate = (meaning: string) =>
	rateSchema.nullable().default(null).describe(`${meaning}; null: as fast as they come`);

const capsSchema = z.strictObject({
	running: count('Tasks of the whole class that run at the same time'),
	runningPerUser: count('Tasks of each person in the class that run at the same time'),
	queued: count('Open tasks of each person that do not run yet; a submit that would make more is refused'),
	cores: count('Cores that the running tasks of the class ask for together, by the needs of their types'),
	memoryBytes: bytes('Memory that the running tasks of the class ask for together, by the needs of their types'),
	perType: z
		.record(taskTypeNameSchema, atLeastOne(1_000_000))
		.refine((types) => Object.keys(types).length <= 200, 'at most 200 task types')
		.default({})
		.describe(
			'Tasks of the whole class that run at the same time, by task type; a type that is not named has no limit',
		),
});
const ratesSchema = z.strictObject({
	starts: rate('How fast tasks of the whole class may start'),
	submits: rate('How fast each person may submit tasks; a batch counts with all its tasks'),
});
const quotasSchema = z.strictObject({
	storedBytes: bytes('Bytes that each person may have stored, all versions and the trash included'),
	files: count('Files that each person may have, the trash included'),
	transferBytesPerMonth: bytes('Bytes up and down together that each person may transfer in a calendar month (UTC)'),
});
const bandwidthSchema = z.strictObject({
	uploadBytesPerSecond: bytes('Bytes a second that each person may send, over all connections together'),
	downloadBytesPerSecond: bytes('Bytes a second that each person may fetch, over all connections together'),
});

/** What a service class gives: null means no limit. Everything that is left out has the value of a plain class. */
export const serviceClassSettingsSchema = z
	.strictObject({
		description: z.string().max(500).default('').describe('What the class is for, for administrators'),
		band: z
			.number()
			.int()
			.min(0)
			.max(9)
			.default(5)
			.describe(
				'0 (last) to 9 (first): a band goes before all lower ones, which age while they wait and so still get a start now and then',
			),
		weight: z
			.number()
			.min(0.01, 'must be above 0: at least 0.01')
			.max(1_000)
			.default(1)
			.describe('Its share of what its band gets, in proportion to the weights of the other classes there'),
		idleOnly: z
			.boolean()
			.default(false)
			.describe(
				'Gets only what no other class can use, may wait for ever, and gives it back within two seconds; anybody may ask for such a class when submitting',
			),
		allowedQueues: z
			.array(queueNameSchema)
			.min(1, 'at least one queue; null allows all')
			.max(100)
			.nullable()
			.default(null)
			.describe('Queues that its tasks may reach; null: all'),
		allowedRoutingKeys: z
			.array(bindingKeySchema)
			.min(1, 'at least one pattern; null allows all')
			.max(100)
			.nullable()
			.default(null)
			.describe('Patterns such as `normal.#` of which a task’s routing key must match one; null: all'),
		caps: capsSchema.prefault({}).describe('How much may run or stand in line at the same time'),
		rates: ratesSchema.prefault({}).describe('How fast things may happen'),
		quotas: quotasSchema.prefault({}).describe('How much each person may use in all'),
		bandwidth: bandwidthSchema.prefault({}).describe('How fast each person’s bytes flow'),
		longestRunMs: atLeastOne(31 * 86_400_000)
			.nullable()
			.default(null)
			.describe(
				'A task is asked to stop after so many milliseconds if its type would let it run longer; null: its type decides',
			),
		validFrom: instantSchema
			.nullable()
			.default(null)
			.describe('Before this moment its people are in the class that they would have without it; null: it has begun'),
		validUntil: instantSchema
			.nullable()
			.default(null)
			.describe('From this moment on its people are in the class that they would have without it; null: for good'),
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

const versionSchema = z.number().int().min(1);
const reasonSchema = z.string().max(500).describe('Why, for the history');
export const reasonQuerySchema = z.strictObject({ reason: reasonSchema.optional() });

/** A class as it is shown: its settings as they are written, and what is known about it. */
export const serviceClassViewSchema = z.object({
	...serviceClassSettingsSchema.shape,
	name: serviceClassNameSchema,
	version: versionSchema.describe('Raised by every change; its entity tag'),
	createdAt: instantSchema,
	updatedAt: instantSchema,
	given: z
		.object({
			users: z.number(),
			groups: z.number(),
			userNames: z.array(z.string()).default([]),
			groupNames: z.array(z.string()).default([]),
		})
		.describe('To how many it is given by name, and the names of the first 20 of each'),
	warnings: z.array(z.string()).describe('What is allowed but looks like a mistake'),
	now: z
		.object({ queued: z.number(), running: z.number() })
		.default({ queued: 0, running: 0 })
		.describe('Tasks that go by it, in line and running, a second ago at most in a usual line'),
});
export type ServiceClassView = z.infer<typeof serviceClassViewSchema>;

/** One version of a class; the settings are null where the class was deleted. */
export const serviceClassVersionSchema = z.object({
	version: versionSchema,
	settings: z.object(serviceClassSettingsSchema.shape).nullable(),
	at: instantSchema,
	actor: z.string().describe('Id of who made it, or `system`'),
	by: z.string().optional().describe('Name of who made it; the id of one who is gone'),
	reason: z.string(),
});
export type ServiceClassVersion = z.infer<typeof serviceClassVersionSchema>;

export const rollBackSchema = z.strictObject({
	version: versionSchema.describe('The version whose settings become the newest one'),
	reason: reasonSchema.optional(),
});

export { STANDARD_CLASS, serviceClassNameSchema } from './service-class-name.ts';

/** How somebody came to a class: it was given to the person, to a group that the person is in, or to nobody in particular. */
export const classSourceSchema = z.discriminatedUnion('by', [
	z.object({ by: z.literal('user') }),
	z.object({ by: z.literal('group'), group: z.string() }),
	z.object({ by: z.literal('default') }),
]);
export type ClassSource = z.infer<typeof classSourceSchema>;
