import { type FiringState, firingSchema, type NewTrigger, triggerSchema } from '../protocol/trigger.ts';
import type { CallOptions, HttpClient } from './http-client.ts';
import { listOf, type PageQuery } from './page.ts';

type Signal = Pick<CallOptions, 'signal'>;

const PATH = '/api/v1/triggers';
const pathOf = (id: string) => `${PATH}/${encodeURIComponent(id)}`;

/** In the order in which they are asked. */
export const listTriggers = (http: HttpClient, query: PageQuery & { recipe?: string } = {}, options: Signal = {}) =>
	http.json('GET', PATH, listOf(triggerSchema), { query: { ...query }, ...options });

export const createTrigger = (http: HttpClient, trigger: NewTrigger) =>
	http.json('POST', PATH, triggerSchema, { body: trigger });

/** Replaces it; with `ifVersion` only while that is the newest. */
export const changeTrigger = (http: HttpClient, id: string, trigger: NewTrigger, ifVersion?: number) =>
	http.json('PUT', pathOf(id), triggerSchema, {
		body: trigger,
		...(ifVersion === undefined ? {} : { headers: { 'if-match': `"${ifVersion}"` } }),
	});

export const deleteTrigger = (http: HttpClient, id: string): Promise<void> => http.call('DELETE', pathOf(id));

/** What it has done, the newest first. */
export const listFirings = (
	http: HttpClient,
	id: string,
	query: PageQuery & { state?: FiringState } = {},
	options: Signal = {},
) => http.json('GET', `${pathOf(id)}/firings`, listOf(firingSchema), { query: { ...query }, ...options });
