import { z } from 'zod';
import { type AppPasswordAccess, appPasswordViewSchema } from '../protocol/account.ts';
import { idSchema } from '../protocol/ids.ts';
import type { CallOptions, HttpClient } from './http-client.ts';
import { listOf } from './page.ts';

export type AppPasswordView = z.infer<typeof appPasswordViewSchema>;

const newAppPasswordAnswerSchema = z.object({ id: idSchema('appPassword'), password: z.string().min(1) });

export const listAppPasswords = (http: HttpClient, options: Pick<CallOptions, 'signal'> = {}) =>
	http.json('GET', '/api/v1/app-passwords', listOf(appPasswordViewSchema), options);

/** Makes a password for one program, such as a WebDAV drive; it is in this answer and nowhere else. */
export const createAppPassword = (http: HttpClient, wanted: { name: string; access?: AppPasswordAccess }) =>
	http.json('POST', '/api/v1/app-passwords', newAppPasswordAnswerSchema, { body: wanted });

export const deleteAppPassword = (http: HttpClient, id: string): Promise<void> =>
	http.call('DELETE', `/api/v1/app-passwords/${encodeURIComponent(id)}`);
