import type { FastifyRequest } from 'fastify';
import { z } from 'zod';
import {
	type Me,
	meSchema,
	passwordChangeSchema,
	sessionConfirmSchema,
	sessionViewSchema,
	setupSchema,
	signInSchema,
} from '../../../../shared/protocol/account.ts';
import { idSchema } from '../../../../shared/protocol/ids.ts';
import { pageOf } from '../../../../shared/protocol/json.ts';
import type { Accounts } from '../../../accounts/accounts.ts';
import type { Actor } from '../../../accounts/actor.ts';
import { type CameBy, noSessionCookie, sessionCookie } from '../../../accounts/session-cookie.ts';
import { addressOf } from '../address-of.ts';
import { type AnyRoute, defineRoute } from '../route.ts';

export interface SessionRooms {
	accounts: Accounts;
	/** What a person's files take, and what they may; `GET /me` shows it. */
	storageOf(ownerSeq: number): Promise<Me['storage']>;
}

const cameBy = (request: FastifyRequest): CameBy => ({ tls: request.protocol === 'https', host: request.host });

export const sessionRoutes = ({ accounts, storageOf }: SessionRooms): AnyRoute[] => {
	const me = async (actor: Actor): Promise<Me> => ({
		id: actor.userId,
		username: actor.username,
		role: actor.role,
		via: actor.via,
		scopes: actor.scopes === null ? null : [...actor.scopes],
		storage: await storageOf(actor.userSeq),
		mustEnrol: actor.session?.mustEnrol ?? false,
	});
	return [
		defineRoute({
			method: 'POST',
			path: '/api/v1/session',
			access: 'public',
			summary:
				'Sign in; the answer sets the session’s cookie. `second-factor-required`: the same again with a code of the second factor',
			tag: 'session',
			body: signInSchema,
			isSignIn: true,
			answers: { 200: meSchema },
			async handler({ actorOrNull, body, request, reply }) {
				const address = addressOf(request);
				const userAgent = request.headers['user-agent'] ?? '';
				const { secret, actor } = await accounts.sessions.signIn({ ...body, address, userAgent, current: actorOrNull });
				reply.header('set-cookie', sessionCookie(secret, cameBy(request), accounts.sessions.maxMs));
				return me(actor);
			},
		}),
		defineRoute({
			method: 'DELETE',
			path: '/api/v1/session',
			access: 'public',
			summary: 'Sign out: ends the session and takes its cookie away, or ends the API token that asks',
			tag: 'session',
			answers: { 204: null },
			async handler({ actorOrNull, request, reply }) {
				// Whoever holds a token may end it, whatever its scopes: else a lost one could only be ended by another.
				if (actorOrNull?.via === 'session') await accounts.sessions.end(actorOrNull, actorOrNull.credentialId);
				else if (actorOrNull?.via === 'token') {
					await accounts.credentials.revoke(actorOrNull, 'token', actorOrNull.credentialId);
				}
				reply.code(204).header('set-cookie', noSessionCookie(cameBy(request)));
			},
		}),
		defineRoute({
			method: 'POST',
			path: '/api/v1/session::confirm',
			access: { verb: 'write', kind: 'account' },
			mostAtOnce: 1,
			whileEnrolling: true,
			summary: 'Show the password again, with a code where there is a second factor, as `reauth-required` asks for',
			tag: 'session',
			body: sessionConfirmSchema,
			answers: { 204: null },
			async handler({ actor, body, reply }) {
				await accounts.sessions.confirm(actor, body);
				reply.code(204);
			},
		}),
		defineRoute({
			method: 'GET',
			path: '/api/v1/setup',
			access: 'public',
			summary: 'Whether the first administrator is still to be made',
			tag: 'session',
			answers: { 200: z.object({ needed: z.boolean() }) },
			handler: async () => ({ needed: await accounts.setup.isNeeded() }),
		}),
		defineRoute({
			method: 'POST',
			path: '/api/v1/setup',
			access: 'public',
			summary: 'Make the first administrator with the token of the set-up link',
			tag: 'session',
			body: setupSchema,
			isSignIn: true,
			answers: { 201: z.object({ id: idSchema('user'), username: z.string() }) },
			async handler({ body, request, reply }) {
				const { id, username } = await accounts.setup.complete({ ...body, address: addressOf(request) });
				reply.code(201);
				return { id, username };
			},
		}),
		defineRoute({
			method: 'GET',
			path: '/api/v1/me',
			access: { verb: 'read', kind: 'self' },
			whileEnrolling: true,
			summary: 'Who the caller is and what it may use',
			tag: 'session',
			answers: { 200: meSchema },
			handler: async ({ actor }) => me(actor),
		}),
		defineRoute({
			method: 'PUT',
			path: '/api/v1/me/password',
			access: { verb: 'write', kind: 'account' },
			sessionOnly: true,
			fresh: true,
			mostAtOnce: 1,
			summary: 'Change one’s password; ends all other sessions',
			tag: 'session',
			body: passwordChangeSchema,
			answers: { 204: null },
			async handler({ actor, body, reply }) {
				await accounts.users.changePassword(actor, body);
				reply.code(204);
			},
		}),
		defineRoute({
			method: 'GET',
			path: '/api/v1/sessions',
			access: { verb: 'read', kind: 'account' },
			summary: 'Where one is signed in',
			tag: 'session',
			answers: { 200: pageOf(sessionViewSchema) },
			handler: async ({ actor }) => ({ items: await accounts.sessions.list(actor), nextCursor: null }),
		}),
		defineRoute({
			method: 'POST',
			path: '/api/v1/sessions::end-others',
			access: { verb: 'delete', kind: 'account' },
			summary: 'End all of one’s sessions but the one that asks',
			tag: 'session',
			answers: { 204: null },
			async handler({ actor, reply }) {
				await accounts.sessions.endOthers(actor);
				reply.code(204);
			},
		}),
		defineRoute({
			method: 'DELETE',
			path: '/api/v1/sessions/:id',
			access: { verb: 'delete', kind: 'account' },
			summary: 'End one of one’s sessions',
			tag: 'session',
			params: z.strictObject({ id: idSchema('session') }),
			answers: { 204: null },
			async handler({ actor, params, reply }) {
				await accounts.sessions.end(actor, params.id);
				reply.code(204);
			},
		}),
	];
};
