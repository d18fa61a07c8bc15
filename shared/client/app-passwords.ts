import type { z } from 'zod';
import {
	type AppPasswordAccess,
	appPasswordListSchema,
	type appPasswordViewSchema,
	madeAppPasswordSchema,
} from '../protocol/account.ts';
import type { CallOptions, HttpClient } from './http-client.ts';

export type AppPasswordView = z.infer<typeof appPasswordViewSchema>;

export const listAppPasswords = (http: HttpClient, options: Pick<CallOptions, 'signal'> = {}) =>
	http.json('GET', '/api/v1/app-passwords', appPasswordListSchema, options);

/** Makes a password for one program, such as a WebDAV drive; it is in this answer and nowhere else. */
export const createAppPassword = (http: HttpClient, wanted: { name: string; access?: AppPasswordAccess }) =>
	http.json('POST', '/api/v1/app-passwords', madeAppPasswordSchema, { body: wanted });

export const deleteAppPassword = (http: HttpClient, id: string): Promise<void> =>
	http.call('DELETE', `/api/v1/app-passwords/${encodeURIComponent(id)}`);

/** The drive's address: the one that the coordinator is known by, else the one that it was asked at. */
export const driveUrlOf = ({ driveUrl }: { driveUrl: string | null }, asked: string): string =>
	driveUrl ?? `${asked}/dav/files/`;
