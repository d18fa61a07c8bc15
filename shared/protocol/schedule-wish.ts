import { z } from 'zod';
import { idSchema } from './ids.ts';
import { checkJobTerms, jobTermFields } from './job.ts';
import { jsonObjectSchema } from './json.ts';
import { taskInputSchema, taskSecretsSchema } from './task.ts';
import { taskTypeNameSchema } from './task-type.ts';

const inputsSchema = z.array(taskInputSchema).max(100);
const prioritySchema = z.number().int().min(0).max(9);
const { over, spread, lane, results, routingKey, serviceClass } = jobTermFields;

/** One task of a type. */
const taskWishSchema = z.strictObject({
	type: taskTypeNameSchema,
	parameters: jsonObjectSchema.default({}),
	inputs: inputsSchema.default([]),
	priority: prioritySchema.default(4),
	secrets: taskSecretsSchema.optional(),
	...{ results, routingKey, serviceClass },
});

/** A recipe, as it is then, over the files that are there then. */
export const recipeWishSchema = z
	.strictObject({ recipe: idSchema('recipe'), ...jobTermFields })
	.superRefine((wish, context) => {
		checkJobTerms(wish, context);
		if (wish.over === undefined || !('job' in wish.over)) return;
		context.addIssue({
			code: 'custom',
			path: ['over'],
			message: 'what failed is run again by hand, not by a schedule',
		});
	});

/** A source: what there is since it was left. */
export const sourceWishSchema = z.strictObject({
	source: idSchema('source'),
	priority: prioritySchema.default(4),
	...{ routingKey, serviceClass },
});

/** What a schedule can ask for each time, each kind by the field that only it has. */
export const SCHEDULE_WISHES = { type: taskWishSchema, recipe: recipeWishSchema, source: sourceWishSchema } as const;
export type WishKind = keyof typeof SCHEDULE_WISHES;
export type ScheduleWish = { [Kind in WishKind]: z.infer<(typeof SCHEDULE_WISHES)[Kind]> }[WishKind];

const KINDS = Object.keys(SCHEDULE_WISHES) as WishKind[];

/** Null: it is of none, or of several. */
export const wishKindOf = (wish: object): WishKind | null => {
	const named = KINDS.filter((kind) => (wish as Record<string, unknown>)[kind] !== undefined);
	return named.length === 1 ? named[0]! : null;
};

/** The fields of all kinds, as one writes them: nothing is filled in before it is known which kind it is. */
export const wishFields = {
	type: taskTypeNameSchema.optional().describe('A task of this type each time'),
	parameters: jsonObjectSchema.optional(),
	inputs: inputsSchema.optional(),
	priority: prioritySchema.optional(),
	secrets: taskSecretsSchema.optional(),
	recipe: idSchema('recipe').optional().describe('Instead of a type: this recipe each time'),
	source: idSchema('source').optional().describe('Instead of a type: what this source has to bring since it was left'),
	over,
	spread: spread.unwrap().optional(),
	lane: lane.unwrap().optional(),
	...{ results, routingKey, serviceClass },
};

/** What of a schedule says what it asks for. */
export const wishIn = (schedule: object): Record<string, unknown> =>
	Object.fromEntries(Object.entries(schedule).filter(([name, value]) => name in wishFields && value !== undefined));

/** Tells of each fault of what a schedule asks for; nothing when it can be read as its kind. */
export const checkWish = (schedule: object, refuse: (path: PropertyKey[], message: string) => void): void => {
	const wish = wishIn(schedule);
	const kind = wishKindOf(wish);
	if (kind === null) {
		refuse(['type'], `give one of ${KINDS.join(', ')}`);
		return;
	}
	for (const issue of SCHEDULE_WISHES[kind].safeParse(wish).error?.issues ?? []) {
		if (issue.code === 'unrecognized_keys') {
			for (const key of issue.keys) refuse([...issue.path, key], `does not go with ${kind}`);
		} else refuse(issue.path, issue.message);
	}
};

/** With these fields beside it. */
export const withWish = <T extends z.ZodRawShape>(fields: T) =>
	z.union([
		z.object({ ...fields, ...taskWishSchema.shape }),
		z.object({ ...fields, ...recipeWishSchema.shape }),
		z.object({ ...fields, ...sourceWishSchema.shape }),
	]);
