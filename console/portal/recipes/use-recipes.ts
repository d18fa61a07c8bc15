import { useQuery } from '@tanstack/react-query';
import { listRecipes, listRecipeVersions, readRecipe } from '../../../shared/client/recipes.ts';
import { listFirings, listTriggers } from '../../../shared/client/triggers.ts';
import { idSchema } from '../../../shared/protocol/ids.ts';
import { http } from '../../kit/remote/api.ts';
import { usePages } from '../../kit/remote/use-pages.ts';
import { keys } from '../remote/keys.ts';

const PAGE = 50;
/** One person has 200 at most. */
const ALL_TRIGGERS = 200;
const LAST_FIRINGS = 10;

export const useRecipes = () => usePages(keys.recipes, PAGE, (page, signal) => listRecipes(http, page, { signal }));

export const isRecipeId = (id: string): boolean => idSchema('recipe').safeParse(id).success;

export const useRecipe = (id: string) =>
	useQuery({
		queryKey: keys.recipe(id),
		queryFn: ({ signal }) => readRecipe(http, id, { signal }),
		enabled: isRecipeId(id),
	});

/** The newest first. */
export const useRecipeVersions = (id: string) =>
	useQuery({
		queryKey: keys.recipeVersions(id),
		queryFn: ({ signal }) => listRecipeVersions(http, id, { signal }),
	});

export const useTriggers = (recipe: string) =>
	useQuery({
		queryKey: keys.triggers(recipe),
		queryFn: ({ signal }) => listTriggers(http, { recipe, limit: ALL_TRIGGERS }, { signal }),
	});

/** The last files that a trigger was asked about. */
export const useFirings = (trigger: string, isWanted: boolean) =>
	useQuery({
		queryKey: keys.firings(trigger),
		queryFn: ({ signal }) => listFirings(http, trigger, { limit: LAST_FIRINGS }, { signal }),
		enabled: isWanted,
	});
