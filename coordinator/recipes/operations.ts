import { beginBook, readBook } from './book-store.ts';
import { dropHappenings, endWaits, fireLater, readVersion, readVersionOf, readWaiting } from './refire-store.ts';

/** All SQL of this room. */
export const RECIPE_OPERATIONS = [
	beginBook,
	readBook,
	dropHappenings,
	endWaits,
	fireLater,
	readVersion,
	readVersionOf,
	readWaiting,
];
