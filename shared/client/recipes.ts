import { type NewRecipe, recipeSchema, recipeVersionSchema } from '../protocol/recipe.ts';
import { type CallOptions, type HttpClient, newIdempotencyKey } from './http-client.ts';
import { listOf, type PageQuery } from './page.ts';

type Signal = Pick<CallOptions, 'signal'>;

const PATH = '/api/v1/recipes';
const pathOf = (id: string) => `${PATH}/${encodeURIComponent(id)}`;
const matching = (version: number | undefined): Pick<CallOptions, 'headers'> =>
	version === undefined ? {} : { headers: { 'if-match': `"${version}"` } };

export const listRecipes = (http: HttpClient, page: PageQuery = {}, options: Signal = {}) =>
	http.json('GET', PATH, listOf(recipeSchema), { query: { ...page }, ...options });

export const readRecipe = (http: HttpClient, id: string, options: Signal = {}) =>
	http.json('GET', pathOf(id), recipeSchema, options);

export const createRecipe = (http: HttpClient, recipe: NewRecipe) =>
	http.json('POST', PATH, recipeSchema, { body: recipe, idempotencyKey: newIdempotencyKey() });

/** Replaces it; with `ifVersion` only while that is the newest. */
export const putRecipe = (http: HttpClient, id: string, recipe: NewRecipe, ifVersion?: number) =>
	http.json('PUT', pathOf(id), recipeSchema, { body: recipe, ...matching(ifVersion) });

/** Its triggers go with it. */
export const deleteRecipe = (http: HttpClient, id: string): Promise<void> => http.call('DELETE', pathOf(id));

/** The newest first. */
export const listRecipeVersions = (http: HttpClient, id: string, options: Signal = {}) =>
	http.json('GET', `${pathOf(id)}/versions`, listOf(recipeVersionSchema), options);

/** An earlier version becomes the newest one; with `ifVersion` only while that is the newest. */
export const rollBackRecipe = (http: HttpClient, id: string, version: number, ifVersion?: number) =>
	http.json('POST', `${pathOf(id)}:roll-back`, recipeSchema, { body: { version }, ...matching(ifVersion) });
