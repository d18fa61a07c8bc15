import { z } from 'zod';
import {
	credentialViewSchema,
	type invitationSchema,
	madePasswordLinkSchema,
	type newUserSchema,
	personViewSchema,
	sessionViewSchema,
	type UserListQuery,
	type userChangeSchema,
	userSchema,
} from '../protocol/account.ts';
import { idSchema } from '../protocol/ids.ts';
import type { CallOptions, HttpClient } from './http-client.ts';
import { listOf, type PageQuery } from './page.ts';

type Signal = Pick<CallOptions, 'signal'>;

/** What a list of people is narrowed down by. */
export type UserFilter = Omit<UserListQuery, 'limit' | 'cursor'>;

const PATH = '/api/v1/admin/users';
const pathOf = (id: string): string => `${PATH}/${encodeURIComponent(id)}`;

export const listUsers = (http: HttpClient, page: PageQuery & UserFilter = {}, options: Signal = {}) =>
	http.json('GET', PATH, listOf(personViewSchema), { query: { ...page }, ...options });

export const readUser = (http: HttpClient, id: string, options: Signal = {}) =>
	http.json('GET', pathOf(id), personViewSchema, options);

export const createUser = (http: HttpClient, user: z.input<typeof newUserSchema>) =>
	http.json('POST', PATH, z.object({ id: idSchema('user'), username: z.string() }), { body: user });

/** Makes somebody who chooses a password by the link in this answer. */
export const inviteUser = (http: HttpClient, person: z.input<typeof invitationSchema>) =>
	http.json('POST', `${PATH}:invite`, madePasswordLinkSchema, { body: person });

/** A link by which somebody chooses a new password; the one before it is void. */
export const makePasswordLink = (http: HttpClient, id: string) =>
	http.json('POST', `${pathOf(id)}:password-link`, madePasswordLinkSchema);

/** What is left out stays. Another role, or disabling, signs the person out everywhere. */
export const changeUser = (http: HttpClient, id: string, change: z.input<typeof userChangeSchema>) =>
	http.json('PATCH', pathOf(id), userSchema, { body: change });

/** Ends every session, token and app password of somebody; how many there were. */
export const shutUserOut = (http: HttpClient, id: string) =>
	http.json('POST', `${pathOf(id)}:shut-out`, z.object({ sessions: z.number(), credentials: z.number() }));

export const listUserSessions = (http: HttpClient, id: string, options: Signal = {}) =>
	http.json('GET', `${pathOf(id)}/sessions`, listOf(sessionViewSchema), options);

export const endUserSession = (http: HttpClient, id: string, session: string): Promise<void> =>
	http.call('DELETE', `${pathOf(id)}/sessions/${encodeURIComponent(session)}`);

export const listUserCredentials = (http: HttpClient, id: string, options: Signal = {}) =>
	http.json('GET', `${pathOf(id)}/credentials`, listOf(credentialViewSchema), options);

export const revokeUserCredential = (http: HttpClient, id: string, credential: string): Promise<void> =>
	http.call('DELETE', `${pathOf(id)}/credentials/${encodeURIComponent(credential)}`);

/** For somebody who has lost theirs; they are told, and signed out everywhere. */
export const resetSecondFactor = (http: HttpClient, id: string): Promise<void> =>
	http.call('POST', `${pathOf(id)}:reset-second-factor`);
