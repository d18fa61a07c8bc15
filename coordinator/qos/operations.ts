import type { AnyOperation } from '../database/operation.ts';
import { deleteClass, putClass, readClass, readClasses, readClassVersions } from './class-store.ts';
import {
	addGroup,
	changeGroup,
	deleteGroup,
	readGroup,
	readGroups,
	readGroupsOf,
	readMembers,
	setMember,
} from './group-store.ts';
import { readPolicyRows } from './policy-store.ts';

/** All SQL of this room. */
export const QOS_OPERATIONS: readonly AnyOperation[] = [
	addGroup,
	changeGroup,
	deleteClass,
	deleteGroup,
	putClass,
	readClass,
	readClassVersions,
	readClasses,
	readGroup,
	readGroups,
	readGroupsOf,
	readMembers,
	readPolicyRows,
	setMember,
];
