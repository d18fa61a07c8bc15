import { aboutSchema, type LogLevel, logViewSchema, settingsViewSchema, storageViewSchema } from '../protocol/about.ts';
import type { CallOptions, HttpClient } from './http-client.ts';

type Signal = Pick<CallOptions, 'signal'>;

const LOG = '/api/v1/admin/log';

/** Which coordinator it is. */
export const readAbout = (http: HttpClient, options: Signal = {}) =>
	http.json('GET', '/api/v1/admin/about', aboutSchema, options);

/** What it was started with. */
export const readSettings = (http: HttpClient, options: Signal = {}) =>
	http.json('GET', '/api/v1/admin/settings', settingsViewSchema, options);

/** What takes how much. */
export const readStorage = (http: HttpClient, options: Signal = {}) =>
	http.json('GET', '/api/v1/admin/storage', storageViewSchema, options);

/** How much is logged, and so many of the newest lines. */
export const readLog = (http: HttpClient, lines: number, options: Signal = {}) =>
	http.json('GET', LOG, logViewSchema, { query: { lines }, ...options });

/** Until the next start. */
export const setLogLevel = (http: HttpClient, level: LogLevel) =>
	http.json('PATCH', LOG, logViewSchema, { body: { level } });
