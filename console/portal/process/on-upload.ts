import { createRecipe, listRecipes } from '../../../shared/client/recipes.ts';
import { createTrigger, listTriggers } from '../../../shared/client/triggers.ts';
import type { NewRecipe, RecipeView } from '../../../shared/protocol/recipe.ts';
import type { NewTrigger, TriggerView } from '../../../shared/protocol/trigger.ts';
import { http } from '../../kit/remote/api.ts';
import { recipeThere, sameTrigger } from './same-recipe.ts';

/** One person has 200 recipes and 200 triggers at most. */
const ALL = 200;

export const allRecipes = async (signal?: AbortSignal): Promise<RecipeView[]> =>
	(await listRecipes(http, { limit: ALL }, signal ? { signal } : {})).items;

const nameTaken = (name: string): Error =>
	new Error(`You have another recipe named ${name}, which does something else. Choose another name.`);

/** Makes the recipe, or takes the one that is there and does the same. Throws when one of that name does something else. */
export const makeRecipe = async (wanted: NewRecipe): Promise<RecipeView> => {
	const { there, recipe } = recipeThere(await allRecipes(), wanted);
	if (there === 'other') throw nameTaken(wanted.name);
	return recipe ?? (await createRecipe(http, wanted));
};

export interface MadeOnUpload {
	recipe: RecipeView;
	trigger: TriggerView;
}

/** Lets every upload to a folder start it. Doing so twice, or once more after a cut, makes nothing twice. */
export const startOnUpload = async (wanted: NewRecipe, on: Omit<NewTrigger, 'recipe'>): Promise<MadeOnUpload> => {
	const recipe = await makeRecipe(wanted);
	const trigger = { recipe: recipe.id, ...on };
	const { items } = await listTriggers(http, { recipe: recipe.id, limit: ALL });
	return { recipe, trigger: sameTrigger(items, trigger) ?? (await createTrigger(http, trigger)) };
};
