import { findMembers, noteChanges, takeChanges } from './change-store.ts';

/** All SQL of this room. */
export const THING_OPERATIONS = [noteChanges, takeChanges, findMembers];
