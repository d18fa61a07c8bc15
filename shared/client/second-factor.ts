import {
	begunSecondFactorSchema,
	recoveryCodesSchema,
	type SecondFactorRule,
	secondFactorRuleSchema,
	secondFactorSchema,
} from '../protocol/account.ts';
import type { CallOptions, HttpClient } from './http-client.ts';

type Signal = Pick<CallOptions, 'signal'>;

const PATH = '/api/v1/me/second-factor';
const RULE = '/api/v1/admin/settings/second-factor';

export const readSecondFactor = (http: HttpClient, options: Signal = {}) =>
	http.json('GET', PATH, secondFactorSchema, options);

/** What an authenticator app is given; it counts once `confirmSecondFactor` has shown a code of it. */
export const beginSecondFactor = (http: HttpClient) => http.json('POST', PATH, begunSecondFactorSchema);

/** Answers the recovery codes, which are told nowhere else. */
export const confirmSecondFactor = (http: HttpClient, code: string) =>
	http.json('POST', `${PATH}:confirm`, recoveryCodesSchema, { body: { code } });

/** Those that there were are void. */
export const renewRecoveryCodes = (http: HttpClient) => http.json('POST', `${PATH}:renew-codes`, recoveryCodesSchema);

export const removeSecondFactor = (http: HttpClient): Promise<void> => http.call('DELETE', PATH);

/** Which roles need one (administrators). */
export const readSecondFactorRule = (http: HttpClient, options: Signal = {}) =>
	http.json('GET', RULE, secondFactorRuleSchema, options);

export const setSecondFactorRule = (http: HttpClient, rule: SecondFactorRule) =>
	http.json('PUT', RULE, secondFactorRuleSchema, { body: rule });
