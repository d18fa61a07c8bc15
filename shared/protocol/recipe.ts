import { z } from 'zod';
import { freeNameSchema } from './free-name.ts';
import { idSchema } from './ids.ts';
import { jsonObjectSchema } from './json.ts';
import { filingSchema } from './result.ts';
import { serviceClassNameSchema } from './service-class.ts';
import { instantSchema, routingKeySchema, taskSecretsSchema } from './task.ts';
import { taskTypeNameSchema } from './task-type.ts';

/** A media type, or all of a kind such as `image/*`, or anything. */
export const mediaPatternSchema = z
	.string()
	.max(100)
	.regex(
		/^(\*\/\*|[a-z0-9][a-z0-9!#$&^_.+-]*\/(\*|[a-z0-9][a-z0-9!#$&^_.+-]*))$/,
		'such as image/jpeg, image/* or */*',
	);
export const mediaPatternsSchema = z.array(mediaPatternSchema).min(1).max(32);

export const MAX_STEPS = 16;

/** One thing that is done to a file. Steps of a recipe do not wait for each other. */
export const recipeStepSchema = z.strictObject({
	type: taskTypeNameSchema,
	parameters: jsonObjectSchema.default({}),
	/** Only for files of these types; left out: those that the task type takes. */
	accepts: mediaPatternsSchema.optional(),
	routingKey: routingKeySchema.optional(),
	serviceClass: serviceClassNameSchema.optional(),
	priority: z.number().int().min(0).max(9).default(4),
	results: filingSchema.optional(),
	secrets: taskSecretsSchema.optional(),
	/** Kept for steps that wait for others; no step can yet. */
	after: z.array(z.number()).max(0).default([]),
});
export type RecipeStep = z.infer<typeof recipeStepSchema>;

export const recipeNameSchema = freeNameSchema;

export const recipeDraftSchema = z.strictObject({
	name: recipeNameSchema,
	description: z.string().max(2000).default(''),
	steps: z.array(recipeStepSchema).min(1).max(MAX_STEPS),
});
export type RecipeDraft = z.infer<typeof recipeDraftSchema>;
/** As one writes it: defaults left out. */
export type NewRecipe = z.input<typeof recipeDraftSchema>;

export const recipeSchema = z.object({
	id: idSchema('recipe'),
	version: z.number(),
	name: z.string(),
	description: z.string(),
	steps: z.array(recipeStepSchema),
	inbox: z.string().describe('A folder: what is put there, through any door, starts the recipe'),
	usedBy: z.object({ triggers: z.number(), schedules: z.number() }),
	broken: z.string().nullable().describe('Why it cannot run as it is; null when it can'),
	createdAt: instantSchema,
	updatedAt: instantSchema,
});
export type RecipeView = z.infer<typeof recipeSchema>;

export const recipeVersionSchema = z.object({
	version: z.number(),
	name: z.string(),
	description: z.string(),
	steps: z.array(recipeStepSchema),
	at: instantSchema,
	by: z.string(),
});
export type RecipeVersion = z.infer<typeof recipeVersionSchema>;

export const recipeRollBackSchema = z.strictObject({ version: z.number().int().min(1) });
