import { readFiredBefore } from './apply-store.ts';
import { beginBook, readBook } from './book-store.ts';
import {
	changeRecipe,
	createRecipe,
	deleteRecipe,
	listRecipes,
	readRecipe,
	readRecipeVersions,
} from './recipe-store.ts';
import { dropHappenings, endWaits, fireLater, readVersion, readVersionOf, readWaiting } from './refire-store.ts';
import {
	changeTrigger,
	createTrigger,
	deleteTrigger,
	listFirings,
	listTriggers,
	readTrigger,
} from './trigger-store.ts';

/** All SQL of this room. */
export const RECIPE_OPERATIONS = [
	beginBook,
	changeRecipe,
	changeTrigger,
	createRecipe,
	createTrigger,
	deleteRecipe,
	deleteTrigger,
	dropHappenings,
	endWaits,
	fireLater,
	listFirings,
	listRecipes,
	listTriggers,
	readBook,
	readFiredBefore,
	readRecipe,
	readRecipeVersions,
	readTrigger,
	readVersion,
	readVersionOf,
	readWaiting,
];
