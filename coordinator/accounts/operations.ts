import type { AnyOperation } from '../database/operation.ts';
import { findCredential, findSession, markUsed } from './authenticate-store.ts';
import { addCredential, listCredentials, revokeCredential } from './credential-store.ts';
import { findPassword, readPassword, rehashPassword, setPassword } from './password-store.ts';
import { readSecondFactorRule, setSecondFactorRule } from './second-factor-rule-store.ts';
import {
	beginSecondFactor,
	enableSecondFactor,
	readSecondFactor,
	removeSecondFactor,
	renewRecoveryCodes,
	resetSecondFactor,
	spendRecoveryCode,
	spendStep,
} from './second-factor-store.ts';
import {
	beginSession,
	confirmSession,
	endOtherSessions,
	endSession,
	listSessions,
	sweepSessions,
} from './session-store.ts';
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
	beginSecondFactor,
	beginSession,
	changeUser,
	confirmSession,
	enableSecondFactor,
	endOtherSessions,
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
	readSecondFactor,
	readSecondFactorRule,
	readUser,
	readUserNames,
	rehashPassword,
	removeSecondFactor,
	renewRecoveryCodes,
	resetSecondFactor,
	revokeCredential,
	saveSetupToken,
	setPassword,
	setSecondFactorRule,
	spendRecoveryCode,
	spendStep,
	spendSetupToken,
	sweepSessions,
];
