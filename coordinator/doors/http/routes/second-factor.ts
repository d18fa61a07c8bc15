import {
	begunSecondFactorSchema,
	recoveryCodesSchema,
	secondFactorConfirmSchema,
	secondFactorRuleSchema,
	secondFactorSchema,
} from '../../../../shared/protocol/account.ts';
import type { Accounts } from '../../../accounts/accounts.ts';
import { type AnyRoute, defineRoute } from '../route.ts';

const PATH = '/api/v1/me/second-factor';
const RULE = '/api/v1/admin/settings/second-factor';
const tag = 'session';

/** Codes of an authenticator app beside the password: one's own, and whose role needs them. */
export const secondFactorRoutes = ({ accounts }: { accounts: Pick<Accounts, 'secondFactors'> }): AnyRoute[] => {
	const { secondFactors } = accounts;
	return [
		defineRoute({
			method: 'GET',
			path: PATH,
			access: { verb: 'read', kind: 'account' },
			whileEnrolling: true,
			summary: 'Whether one has a second factor, and how many recovery codes are left',
			tag,
			answers: { 200: secondFactorSchema },
			handler: async ({ actor }) => secondFactors.view(actor),
		}),
		defineRoute({
			method: 'POST',
			path: PATH,
			access: { verb: 'write', kind: 'account' },
			sessionOnly: true,
			fresh: true,
			whileEnrolling: true,
			summary: 'Begin a second factor: the secret for an authenticator app; it counts once a code of it was shown',
			tag,
			answers: { 201: begunSecondFactorSchema },
			async handler({ actor, reply }) {
				reply.code(201).header('cache-control', 'no-store');
				return secondFactors.begin(actor);
			},
		}),
		defineRoute({
			method: 'POST',
			path: `${PATH}::confirm`,
			access: { verb: 'write', kind: 'account' },
			sessionOnly: true,
			whileEnrolling: true,
			summary: 'Show a code of what was begun: sign-ins need one from now on; answers ten recovery codes, once',
			tag,
			body: secondFactorConfirmSchema,
			answers: { 200: recoveryCodesSchema },
			async handler({ actor, body, reply }) {
				reply.header('cache-control', 'no-store');
				return { recoveryCodes: await secondFactors.confirm(actor, body.code) };
			},
		}),
		defineRoute({
			method: 'POST',
			path: `${PATH}::renew-codes`,
			access: { verb: 'write', kind: 'account' },
			sessionOnly: true,
			fresh: true,
			summary: 'Ten new recovery codes, once; those that there were are void',
			tag,
			answers: { 200: recoveryCodesSchema },
			async handler({ actor, reply }) {
				reply.header('cache-control', 'no-store');
				return { recoveryCodes: await secondFactors.renewCodes(actor) };
			},
		}),
		defineRoute({
			method: 'DELETE',
			path: PATH,
			access: { verb: 'delete', kind: 'account' },
			sessionOnly: true,
			fresh: true,
			summary: 'Take one’s second factor away, with its recovery codes',
			tag,
			answers: { 204: null },
			async handler({ actor, reply }) {
				await secondFactors.remove(actor);
				reply.code(204);
			},
		}),
		defineRoute({
			method: 'GET',
			path: RULE,
			access: { verb: 'read', kind: 'settings' },
			summary: 'Which roles need a second factor',
			tag: 'users',
			answers: { 200: secondFactorRuleSchema },
			handler: async () => ({ roles: await secondFactors.rule() }),
		}),
		defineRoute({
			method: 'PUT',
			path: RULE,
			access: { verb: 'write', kind: 'settings' },
			fresh: true,
			summary: 'Have roles need a second factor: their sessions can only set one up until there is one; tokens go on',
			tag: 'users',
			body: secondFactorRuleSchema,
			answers: { 200: secondFactorRuleSchema },
			async handler({ actor, body }) {
				await secondFactors.setRule(actor, body.roles);
				return { roles: await secondFactors.rule() };
			},
		}),
	];
};
