import { findInboxes, readStatuses } from './inbox-store.ts';
import { findOwn, listOwn, readSince } from './own-store.ts';
import { changeProperties, findProperties } from './property-store.ts';

/** All SQL of this room. */
export const DRIVE_OPERATIONS = [
	findOwn,
	listOwn,
	readSince,
	findProperties,
	changeProperties,
	findInboxes,
	readStatuses,
];
