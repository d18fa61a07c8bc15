import { z } from 'zod';
import {
	newUserSchema,
	passwordResetSchema,
	userChangeSchema,
	userSchema,
} from '../../../../shared/protocol/account.ts';
import { idSchema } from '../../../../shared/protocol/ids.ts';
import { pageOf, pageQuerySchema } from '../../../../shared/protocol/json.ts';
import type { Accounts } from '../../../accounts/accounts.ts';
import { doerOf } from '../../../accounts/actor.ts';
import { requirePermission } from '../../../accounts/permissions.ts';
import { type AnyRoute, defineRoute } from '../route.ts';

const idParams = z.strictObject({ id: idSchema('user') });
/** Accounts belong to nobody: only administrators decide about them. */
const ANY_USER = { kind: 'user', ownerSeq: null } as const;

export const userRoutes = ({ accounts: { users } }: { accounts: Accounts }): AnyRoute[] => [
	defineRoute({
		method: 'GET',
		path: '/api/v1/admin/users',
		access: { verb: 'read', kind: 'user' },
		summary: 'List users',
		tag: 'users',
		query: pageQuerySchema,
		answers: { 200: pageOf(userSchema) },
		handler: async ({ actor, query }) => {
			requirePermission(actor, 'read', ANY_USER);
			return users.list(query);
		},
	}),
	defineRoute({
		method: 'POST',
		path: '/api/v1/admin/users',
		access: { verb: 'write', kind: 'user' },
		summary: 'Make a user',
		tag: 'users',
		body: newUserSchema,
		answers: { 201: z.object({ id: idSchema('user'), username: z.string() }) },
		async handler({ actor, body, reply }) {
			requirePermission(actor, 'write', ANY_USER);
			const { id, username } = await users.create(body, doerOf(actor));
			reply.code(201);
			return { id, username };
		},
	}),
	defineRoute({
		method: 'GET',
		path: '/api/v1/admin/users/:id',
		access: { verb: 'read', kind: 'user' },
		summary: 'One user',
		tag: 'users',
		params: idParams,
		answers: { 200: userSchema },
		async handler({ actor, params }) {
			requirePermission(actor, 'read', ANY_USER);
			return users.read(params.id);
		},
	}),
	defineRoute({
		method: 'PATCH',
		path: '/api/v1/admin/users/:id',
		access: { verb: 'write', kind: 'user' },
		summary:
			'Change a user’s role, disable or enable, which signs the person out everywhere; give or take a service class',
		tag: 'users',
		params: idParams,
		body: userChangeSchema,
		answers: { 200: userSchema },
		async handler({ actor, params, body }) {
			requirePermission(actor, 'write', ANY_USER);
			return users.change(params.id, body, doerOf(actor));
		},
	}),
	defineRoute({
		method: 'POST',
		path: '/api/v1/admin/users/:id::reset-password',
		access: { verb: 'write', kind: 'user' },
		summary: 'Give a user a new password; ends all of that person’s sessions',
		tag: 'users',
		params: idParams,
		body: passwordResetSchema,
		answers: { 204: null },
		async handler({ actor, params, body, reply }) {
			requirePermission(actor, 'write', ANY_USER);
			await users.resetPassword(params.id, body.password, doerOf(actor));
			reply.code(204);
		},
	}),
];
