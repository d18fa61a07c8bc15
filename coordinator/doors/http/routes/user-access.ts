import { z } from 'zod';
import {
	credentialViewSchema,
	madePasswordLinkSchema,
	sessionViewSchema,
} from '../../../../shared/protocol/account.ts';
import { idSchema } from '../../../../shared/protocol/ids.ts';
import { pageOf } from '../../../../shared/protocol/json.ts';
import type { Accounts } from '../../../accounts/accounts.ts';
import { doerOf } from '../../../accounts/actor.ts';
import { requireSessionForOwn } from '../../../accounts/session-worth.ts';
import { type AnyRoute, defineRoute } from '../route.ts';

const PATH = '/api/v1/admin/users/:id';
const params = z.strictObject({ id: idSchema('user') });
const sessionParams = params.extend({ session: idSchema('session') });
const credentialParams = params.extend({ credential: credentialViewSchema.shape.id });

const isToken = (id: string): boolean => idSchema('token').safeParse(id).success;

/** By what somebody is let in, for who must shut them out: sessions, tokens, app passwords, links. */
export const userAccessRoutes = ({ accounts }: { accounts: Accounts }): AnyRoute[] => {
	const { users, sessions, credentials, passwordLinks } = accounts;
	return [
		defineRoute({
			method: 'POST',
			path: `${PATH}::password-link`,
			access: { verb: 'write', kind: 'user' },
			summary:
				'A link by which a user chooses a password, good once; the one before it is void, the password is not until then',
			tag: 'users',
			// Whoever has the link is the person.
			fresh: true,
			params,
			answers: { 201: madePasswordLinkSchema },
			async handler({ actor, params: { id }, reply }) {
				requireSessionForOwn(actor, id);
				const made = await passwordLinks.make(id, doerOf(actor));
				reply.code(201);
				return made;
			},
		}),
		defineRoute({
			method: 'POST',
			path: `${PATH}::shut-out`,
			access: { verb: 'write', kind: 'user' },
			summary: 'End every session, token and app password of a user at once; the password stays',
			tag: 'users',
			params,
			answers: { 200: z.object({ sessions: z.number(), credentials: z.number() }) },
			handler: async ({ actor, params: { id } }) => users.shutOut(id, doerOf(actor)),
		}),
		defineRoute({
			method: 'GET',
			path: `${PATH}/sessions`,
			access: { verb: 'read', kind: 'user' },
			summary: 'Where a user is signed in',
			tag: 'users',
			params,
			answers: { 200: pageOf(sessionViewSchema) },
			handler: async ({ actor, params: { id } }) => ({
				items: await sessions.listOf(await users.seqOf(id), actor),
				nextCursor: null,
			}),
		}),
		defineRoute({
			method: 'DELETE',
			path: `${PATH}/sessions/:session`,
			access: { verb: 'delete', kind: 'user' },
			summary: 'End a session of a user, at once',
			tag: 'users',
			params: sessionParams,
			answers: { 204: null },
			async handler({ actor, params: { id, session }, reply }) {
				await sessions.endOf(await users.seqOf(id), session, doerOf(actor));
				reply.code(204);
			},
		}),
		defineRoute({
			method: 'GET',
			path: `${PATH}/credentials`,
			access: { verb: 'read', kind: 'user' },
			summary: 'A user’s API tokens and app passwords',
			tag: 'users',
			params,
			answers: { 200: pageOf(credentialViewSchema) },
			handler: async ({ params: { id } }) => ({
				items: await credentials.listOf(await users.seqOf(id)),
				nextCursor: null,
			}),
		}),
		defineRoute({
			method: 'DELETE',
			path: `${PATH}/credentials/:credential`,
			access: { verb: 'delete', kind: 'user' },
			summary: 'Take an API token or an app password of a user back, at once and for good',
			tag: 'users',
			params: credentialParams,
			answers: { 204: null },
			async handler({ actor, params: { id, credential }, reply }) {
				const kind = isToken(credential) ? 'token' : 'app-password';
				await credentials.revokeOf(await users.seqOf(id), kind, credential, doerOf(actor));
				reply.code(204);
			},
		}),
	];
};
