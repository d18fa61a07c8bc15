import { readFiredBefore } from './apply-store.ts';
import { beginBook, readBook } from './book-store.ts';
import { listEveryonesRecipes, listEveryonesTriggers } from './everyones-store.ts';
import { followFolder, readFolderPage, readFolderPath } from './placed-folder-store.ts';
import {
	changeRecipe,
	createRecipe,
	deleteRecipe,
	listRecipes,
	readRecipe,
	readRecipeVersions,
} from './recipe-store.ts';
import {
	dropHappenings,
	endWaits,
	fireLater,
	readPlaced,
	readVersion,
	readVersionOf,
	readWaiting,
} from './refire-store.ts';
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
	followFolder,
	listFirings,
	listRecipes,
	listTriggers,
	readBook,
	readFiredBefore,
	readFolderPage,
	readFolderPath,
	readPlaced,
	readRecipe,
	readRecipeVersions,
	readTrigger,
	readVersion,
	readVersionOf,
	readWaiting,
	listEveryonesRecipes,
	listEveryonesTriggers,
];
