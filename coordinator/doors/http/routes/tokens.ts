import { z } from 'zod';
import { madeTokenSchema, newTokenSchema, tokenViewSchema } from '../../../../shared/protocol/account.ts';
import { idSchema } from '../../../../shared/protocol/ids.ts';
import { pageOf } from '../../../../shared/protocol/json.ts';
import type { Accounts } from '../../../accounts/accounts.ts';
import { type AnyRoute, defineRoute } from '../route.ts';

export const tokenRoutes = ({ accounts: { credentials } }: { accounts: Accounts }): AnyRoute[] => [
	defineRoute({
		method: 'GET',
		path: '/api/v1/tokens',
		access: { verb: 'read', kind: 'account' },
		summary: 'List one’s API tokens',
		tag: 'tokens',
		answers: { 200: pageOf(tokenViewSchema) },
		handler: async ({ actor }) => ({ items: await credentials.list(actor, 'token'), nextCursor: null }),
	}),
	defineRoute({
		method: 'POST',
		path: '/api/v1/tokens',
		access: { verb: 'write', kind: 'account' },
		summary: 'Make an API token; its text is in this answer and nowhere else. One that a token makes ends with it',
		tag: 'tokens',
		body: newTokenSchema,
		// Without scopes it has all.
		fresh: ({ scopes }) => scopes?.includes('admin') ?? true,
		answers: { 201: madeTokenSchema },
		async handler({ actor, body, reply }) {
			const { name, scopes, expiresAt } = body;
			const until = expiresAt === undefined ? undefined : Date.parse(expiresAt);
			const made = await credentials.createToken(actor, { name, scopes, expiresAt: until });
			reply.code(201);
			return made;
		},
	}),
	defineRoute({
		method: 'DELETE',
		path: '/api/v1/tokens/:id',
		access: { verb: 'delete', kind: 'account' },
		summary: 'Take one of one’s API tokens back, at once',
		tag: 'tokens',
		params: z.strictObject({ id: idSchema('token') }),
		answers: { 204: null },
		async handler({ actor, params, reply }) {
			await credentials.revoke(actor, 'token', params.id);
			reply.code(204);
		},
	}),
];
