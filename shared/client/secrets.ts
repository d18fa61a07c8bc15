import type { z } from 'zod';
import { type newSecretSchema, secretViewSchema } from '../protocol/secret.ts';
import type { CallOptions, HttpClient } from './http-client.ts';
import { listOf } from './page.ts';

const PATH = '/api/v1/secrets';
const pathOf = (id: string) => `${PATH}/${encodeURIComponent(id)}`;

/** All of one's own: there are few. */
export const listSecrets = (http: HttpClient, options: Pick<CallOptions, 'signal'> = {}) =>
	http.json('GET', PATH, listOf(secretViewSchema), options);

export const createSecret = (http: HttpClient, secret: z.input<typeof newSecretSchema>) =>
	http.json('POST', PATH, secretViewSchema, { body: secret });

/** Tasks that wait are given the new value. */
export const replaceSecret = (http: HttpClient, id: string, value: string) =>
	http.json('PUT', pathOf(id), secretViewSchema, { body: { value } });

/** Refused while open tasks name it. */
export const deleteSecret = (http: HttpClient, id: string): Promise<void> => http.call('DELETE', pathOf(id));
