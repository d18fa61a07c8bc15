import type { AnyOperation } from '../database/operation.ts';
import { findCredential, findSession, markUsed } from './authenticate-store.ts';
import { addCredential, listCredentials, revokeCredential } from './credential-store.ts';
import { addInvited, findPasswordLink, putPasswordLink, spendPasswordLink } from './password-link-store.ts';
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
import { shutOut } from './shut-out-store.ts';
import { tellUnproven } from './unproven-store.ts';
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
	addInvited,
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
	findPasswordLink,
	findSession,
	findUser,
	hasUsers,
	isSetupToken,
	listCredentials,
	listSessions,
	listUsers,
	markUsed,
	putPasswordLink,
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
	shutOut,
	spendPasswordLink,
	setSecondFactorRule,
	spendRecoveryCode,
	spendStep,
	spendSetupToken,
	sweepSessions,
	tellUnproven,
];
