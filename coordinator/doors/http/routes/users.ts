import { z } from 'zod';
import {
	invitationSchema,
	type Me,
	madePasswordLinkSchema,
	newUserSchema,
	passwordResetSchema,
	personViewSchema,
	userChangeSchema,
	userListQuerySchema,
	userSchema,
} from '../../../../shared/protocol/account.ts';
import { idSchema } from '../../../../shared/protocol/ids.ts';
import { pageOf } from '../../../../shared/protocol/json.ts';
import type { Accounts } from '../../../accounts/accounts.ts';
import { doerOf } from '../../../accounts/actor.ts';
import { requireSessionForOwn } from '../../../accounts/session-worth.ts';
import { type AnyRoute, defineRoute } from '../route.ts';

const idParams = z.strictObject({ id: idSchema('user') });

export interface UserRooms {
	accounts: Accounts;
	/** What people's files take, and what they may, in the order of those who were asked for. */
	storagesOf(ownerSeqs: readonly number[]): Promise<Me['storage'][]>;
}

export const userRoutes = ({
	accounts: { users, passwordLinks, secondFactors },
	storagesOf,
}: UserRooms): AnyRoute[] => [
	defineRoute({
		method: 'GET',
		path: '/api/v1/admin/users',
		access: { verb: 'read', kind: 'user' },
		summary: 'List users, with what their files take',
		tag: 'users',
		query: userListQuerySchema,
		answers: { 200: pageOf(personViewSchema) },
		async handler({ query }) {
			const { items, nextCursor } = await users.listWithSeqs(query);
			const storages = await storagesOf(items.map(({ seq }) => seq));
			return { items: items.map(({ user }, at) => ({ ...user, storage: storages[at] })), nextCursor };
		},
	}),
	defineRoute({
		method: 'POST',
		path: '/api/v1/admin/users::invite',
		access: { verb: 'write', kind: 'user' },
		summary:
			'Make a user who chooses a password by a link that is good once, for a week; its token is in this answer and nowhere else',
		tag: 'users',
		fresh: ({ role }) => role !== 'user',
		body: invitationSchema,
		answers: { 201: madePasswordLinkSchema },
		async handler({ actor, body, reply }) {
			const made = await passwordLinks.invite(body, doerOf(actor));
			reply.code(201);
			return made;
		},
	}),
	defineRoute({
		method: 'POST',
		path: '/api/v1/admin/users',
		access: { verb: 'write', kind: 'user' },
		summary: 'Make a user',
		tag: 'users',
		body: newUserSchema,
		fresh: ({ role }) => role !== 'user',
		answers: { 201: z.object({ id: idSchema('user'), username: z.string() }) },
		async handler({ actor, body, reply }) {
			const { id, username } = await users.create(body, doerOf(actor));
			reply.code(201);
			return { id, username };
		},
	}),
	defineRoute({
		method: 'GET',
		path: '/api/v1/admin/users/:id',
		access: { verb: 'read', kind: 'user' },
		summary: 'One user, with what the files take',
		tag: 'users',
		params: idParams,
		answers: { 200: personViewSchema },
		async handler({ params }) {
			const [storage] = await storagesOf([await users.seqOf(params.id)]);
			return { ...(await users.read(params.id)), storage };
		},
	}),
	defineRoute({
		method: 'PATCH',
		path: '/api/v1/admin/users/:id',
		access: { verb: 'write', kind: 'user' },
		summary:
			'Change a user’s role, disable or enable, which signs the person out everywhere and voids a link to choose a password by; give or take a service class',
		tag: 'users',
		params: idParams,
		body: userChangeSchema,
		fresh: ({ role, disabled }) => role !== undefined || disabled === false,
		answers: { 200: userSchema },
		handler: async ({ actor, params, body }) => users.change(params.id, body, doerOf(actor)),
	}),
	defineRoute({
		method: 'POST',
		path: '/api/v1/admin/users/:id::reset-password',
		access: { verb: 'write', kind: 'user' },
		summary: 'Give a user a new password; ends all of that person’s sessions',
		tag: 'users',
		params: idParams,
		body: passwordResetSchema,
		fresh: true,
		answers: { 204: null },
		async handler({ actor, params, body, reply }) {
			requireSessionForOwn(actor, params.id);
			await users.resetPassword(params.id, body.password, doerOf(actor));
			reply.code(204);
		},
	}),
	defineRoute({
		method: 'POST',
		path: '/api/v1/admin/users/:id::reset-second-factor',
		access: { verb: 'write', kind: 'user' },
		summary: 'Take away the second factor of somebody who has lost it; the person is told, and signed out everywhere',
		tag: 'users',
		params: idParams,
		fresh: true,
		answers: { 204: null },
		async handler({ actor, params, reply }) {
			requireSessionForOwn(actor, params.id);
			await secondFactors.reset(params.id, doerOf(actor));
			reply.code(204);
		},
	}),
];
