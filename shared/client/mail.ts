import type { z } from 'zod';
import { alertTestSchema, type mailSettingsSchema, mailTestSchema, mailViewSchema } from '../protocol/mail.ts';
import type { CallOptions, HttpClient } from './http-client.ts';

type Signal = Pick<CallOptions, 'signal'>;

const PATH = '/api/v1/admin/mail';

export const readMail = (http: HttpClient, options: Signal = {}) => http.json('GET', PATH, mailViewSchema, options);

/** Without a password the one that is there stays. `version`: only if it is still that one; null: only if there is none. */
export const setMail = (http: HttpClient, settings: z.input<typeof mailSettingsSchema>, version?: number | null) =>
	http.json('PUT', PATH, mailViewSchema, {
		body: settings,
		...(version === undefined
			? {}
			: { headers: version === null ? { 'if-none-match': '*' } : { 'if-match': `"${version}"` } }),
	});

export const removeMail = (http: HttpClient): Promise<void> => http.call('DELETE', PATH);

/** Resolves when the server has taken a mail or has not; it may take a minute. */
export const testMail = (http: HttpClient) => http.json('POST', `${PATH}:test`, mailTestSchema, { timeoutMs: 90_000 });

/** Tells everybody whom alerts reach something that means nothing. */
export const testAlerts = (http: HttpClient) => http.json('POST', '/api/v1/admin/alerts:test', alertTestSchema);
