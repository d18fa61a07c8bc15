import { z } from 'zod';
import { banViewSchema } from '../../../../shared/protocol/account.ts';
import { pageOf } from '../../../../shared/protocol/json.ts';
import type { Accounts } from '../../../accounts/accounts.ts';
import { doerOf } from '../../../accounts/actor.ts';
import { type AnyRoute, defineRoute } from '../route.ts';

export const banRoutes = ({ accounts: { defender } }: { accounts: Accounts }): AnyRoute[] => [
	defineRoute({
		method: 'GET',
		path: '/api/v1/admin/bans',
		access: { verb: 'read', kind: 'settings' },
		summary: 'Addresses that may not try to sign in for a while',
		tag: 'bans',
		answers: { 200: pageOf(banViewSchema) },
		async handler() {
			const items = defender.list().map(({ address, bannedAt, until }) => ({
				address,
				bannedAt: new Date(bannedAt).toISOString(),
				until: new Date(until).toISOString(),
			}));
			return { items, nextCursor: null };
		},
	}),
	defineRoute({
		method: 'DELETE',
		path: '/api/v1/admin/bans/:address',
		access: { verb: 'delete', kind: 'settings' },
		summary: 'Lift the ban of an address',
		tag: 'bans',
		params: z.strictObject({ address: z.string().min(1).max(100) }),
		answers: { 204: null },
		async handler({ actor, params, reply }) {
			await defender.lift(params.address, doerOf(actor));
			reply.code(204);
		},
	}),
];
