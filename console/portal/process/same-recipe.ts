import { type NewRecipe, type RecipeView, recipeStepSchema } from '../../../shared/protocol/recipe.ts';
import { type NewTrigger, type TriggerView, triggerDraftSchema } from '../../../shared/protocol/trigger.ts';

/** The same for what means the same, whatever the order of its fields. */
const canonical = (value: unknown): string =>
	JSON.stringify(value, (_, part: unknown) =>
		typeof part === 'object' && part !== null && !Array.isArray(part)
			? Object.fromEntries(Object.entries(part).sort(([a], [b]) => (a < b ? -1 : 1)))
			: part,
	);

const nameKey = (name: string): string => name.trim().normalize('NFC').toLowerCase();

export type RecipeThere = 'none' | 'same' | 'other';

/** Whether a recipe of that name is there, and does the same. */
export const recipeThere = (
	recipes: readonly RecipeView[],
	wanted: NewRecipe,
): { there: RecipeThere; recipe: RecipeView | null } => {
	const recipe = recipes.find(({ name }) => nameKey(name) === nameKey(wanted.name)) ?? null;
	if (recipe === null) return { there: 'none', recipe };
	const steps = wanted.steps.map((step) => recipeStepSchema.parse(step));
	return { there: canonical(recipe.steps) === canonical(steps) ? 'same' : 'other', recipe };
};

/** The trigger among them that does the same. */
export const sameTrigger = (triggers: readonly TriggerView[], wanted: NewTrigger): TriggerView | null => {
	const key = (trigger: NewTrigger) => {
		const { enabled: _, events, ...draft } = triggerDraftSchema.parse(trigger);
		return canonical({ ...draft, events: [...events].sort() });
	};
	const draftOf = ({ id: _, version: __, createdAt: ___, lastFiredAt: ____, ...draft }: TriggerView) => draft;
	return triggers.find((one) => one.enabled && key(draftOf(one)) === key(wanted)) ?? null;
};
