import type { HttpClient } from '../../../shared/client/http-client.ts';
import { eachItem } from '../../../shared/client/page.ts';
import { listRecipes } from '../../../shared/client/recipes.ts';
import { CodedError } from '../../../shared/coded-error.ts';
import { nameKey } from '../../../shared/name-key.ts';
import type { RecipeView } from '../../../shared/protocol/recipe.ts';

export const readRecipes = async (http: HttpClient, signal: AbortSignal): Promise<RecipeView[]> => {
	const recipes: RecipeView[] = [];
	const pages = (cursor?: string) => listRecipes(http, cursor === undefined ? {} : { cursor }, { signal });
	for await (const recipe of eachItem(pages)) recipes.push(recipe);
	return recipes;
};

/** The recipe of that name or id; throws `not-found`. */
export const findRecipe = async (http: HttpClient, named: string, signal: AbortSignal): Promise<RecipeView> => {
	const found = (await readRecipes(http, signal)).find(
		({ id, name }) => id === named || nameKey(name) === nameKey(named),
	);
	if (!found) throw new CodedError('not-found', `You have no recipe ${named}; see: millrace recipes`);
	return found;
};
