import type { AnyOperation } from '../database/operation.ts';
import { findCredential, findSession, markUsed } from './authenticate-store.ts';
import { addCredential, listCredentials, revokeCredential } from './credential-store.ts';
import { findPassword, readPassword, rehashPassword, setPassword } from './password-store.ts';
import { beginSession, endSession, listSessions, sweepSessions } from './session-store.ts';
import { isSetupToken, saveSetupToken, spendSetupToken } from './setup-store.ts';
import {
	addFirstAdministrator,
	addUser,
	changeUser,
	findUser,
	hasUsers,
	listUsers,
	readChangedUsers,
	readUser,
	readUserNames,
} from './user-store.ts';

/** All SQL of the accounts room. */
export const ACCOUNT_OPERATIONS: readonly AnyOperation[] = [
	addCredential,
	addFirstAdministrator,
	addUser,
	beginSession,
	changeUser,
	endSession,
	findCredential,
	findPassword,
	findSession,
	findUser,
	hasUsers,
	isSetupToken,
	listCredentials,
	listSessions,
	listUsers,
	markUsed,
	readChangedUsers,
	readPassword,
	readUser,
	readUserNames,
	rehashPassword,
	revokeCredential,
	saveSetupToken,
	setPassword,
	spendSetupToken,
	sweepSessions,
];
