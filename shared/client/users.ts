import { z } from 'zod';
import { type newUserSchema, type userChangeSchema, userSchema } from '../protocol/account.ts';
import { idSchema } from '../protocol/ids.ts';
import type { CallOptions, HttpClient } from './http-client.ts';
import { listOf, type PageQuery } from './page.ts';

export const listUsers = (http: HttpClient, page: PageQuery = {}, options: Pick<CallOptions, 'signal'> = {}) =>
	http.json('GET', '/api/v1/admin/users', listOf(userSchema), { query: { ...page }, ...options });

export const createUser = (http: HttpClient, user: z.input<typeof newUserSchema>) =>
	http.json('POST', '/api/v1/admin/users', z.object({ id: idSchema('user'), username: z.string() }), { body: user });

/** What is left out stays. Another role, or disabling, signs the person out everywhere. */
export const changeUser = (http: HttpClient, id: string, change: z.input<typeof userChangeSchema>) =>
	http.json('PATCH', `/api/v1/admin/users/${encodeURIComponent(id)}`, userSchema, { body: change });

/** For somebody who has lost theirs; they are told, and signed out everywhere. */
export const resetSecondFactor = (http: HttpClient, id: string): Promise<void> =>
	http.call('POST', `/api/v1/admin/users/${encodeURIComponent(id)}:reset-second-factor`);
