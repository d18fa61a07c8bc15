import type { z } from 'zod';
import { madeTokenSchema, type newTokenSchema, tokenViewSchema } from '../protocol/account.ts';
import type { CallOptions, HttpClient } from './http-client.ts';
import { listOf } from './page.ts';

export type TokenView = z.infer<typeof tokenViewSchema>;

export const listTokens = (http: HttpClient, options: Pick<CallOptions, 'signal'> = {}) =>
	http.json('GET', '/api/v1/tokens', listOf(tokenViewSchema), options);

/** Makes an API token; its secret is in this answer and nowhere else. */
export const createToken = (http: HttpClient, token: z.input<typeof newTokenSchema>) =>
	http.json('POST', '/api/v1/tokens', madeTokenSchema, { body: token });

export const deleteToken = (http: HttpClient, id: string): Promise<void> =>
	http.call('DELETE', `/api/v1/tokens/${encodeURIComponent(id)}`);
