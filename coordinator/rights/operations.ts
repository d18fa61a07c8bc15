import type { AnyOperation } from '../database/operation.ts';
import { beginDeletion, blankFew, deleteSome, endDeletion, readUnfinishedDeletions } from './deletion-store.ts';
import { readOtherVersions, readSection } from './export-store.ts';

/** All SQL of the room of data rights. */
export const RIGHTS_OPERATIONS: readonly AnyOperation[] = [
	readSection,
	readOtherVersions,
	beginDeletion,
	readUnfinishedDeletions,
	deleteSome,
	blankFew,
	endDeletion,
];
