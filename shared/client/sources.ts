import { z } from 'zod';
import {
	type newSourceSchema,
	type sourceChangeSchema,
	sourceItemSchema,
	sourceRunSchema,
	sourceStartSchema,
	sourceUseSchema,
	sourceViewSchema,
} from '../protocol/source.ts';
import { type CallOptions, type HttpClient, newIdempotencyKey } from './http-client.ts';
import { listOf, type PageQuery } from './page.ts';

type Signal = Pick<CallOptions, 'signal'>;

const PATH = '/api/v1/sources';
const pathOf = (id: string) => `${PATH}/${encodeURIComponent(id)}`;
const matching = (version: number | undefined): Pick<CallOptions, 'headers'> =>
	version === undefined ? {} : { headers: { 'if-match': `"${version}"` } };

/** `owner`: another person's id, or `all`, for operators. */
export const listSources = (http: HttpClient, page: PageQuery & { owner?: string } = {}, options: Signal = {}) =>
	http.json('GET', PATH, listOf(sourceViewSchema), { query: { ...page }, ...options });

export const readSource = (http: HttpClient, id: string, options: Signal = {}) =>
	http.json('GET', pathOf(id), sourceViewSchema, options);

/** With its dataset and its schedule. Safely repeated when the connection is cut. */
export const createSource = (http: HttpClient, source: z.input<typeof newSourceSchema>, options: Signal = {}) =>
	http.json('POST', PATH, sourceViewSchema, { body: source, idempotencyKey: newIdempotencyKey(), ...options });

/** Replaces all that can be changed; with `ifVersion` only what was seen. */
export const changeSource = (
	http: HttpClient,
	id: string,
	source: z.input<typeof sourceChangeSchema>,
	ifVersion?: number,
) => http.json('PUT', pathOf(id), sourceViewSchema, { body: source, ...matching(ifVersion) });

/** Its schedules go with it; its dataset stays. */
export const deleteSource = (http: HttpClient, id: string, ifVersion?: number): Promise<void> =>
	http.call('DELETE', pathOf(id), matching(ifVersion));

/** At once; when it is running already, that run is answered. */
export const runSource = (http: HttpClient, id: string) => http.json('POST', `${pathOf(id)}:run`, sourceStartSchema);

export const pauseSource = (http: HttpClient, id: string, reason?: string) =>
	http.json('POST', `${pathOf(id)}:pause`, sourceViewSchema, { body: reason === undefined ? {} : { reason } });

export const resumeSource = (http: HttpClient, id: string) =>
	http.json('POST', `${pathOf(id)}:resume`, sourceViewSchema);

/** Forgets where it was left: the next run begins anew. `confirm`: its name once more. */
export const resetSource = (http: HttpClient, id: string, confirm: string) =>
	http.json('POST', `${pathOf(id)}:reset`, sourceViewSchema, { body: { confirm } });

/** What it has brought, newest first. */
export const listSourceItems = (http: HttpClient, id: string, page: PageQuery = {}, options: Signal = {}) =>
	http.json('GET', `${pathOf(id)}/items`, listOf(sourceItemSchema), { query: { ...page }, ...options });

/** Newest first. */
export const listSourceRuns = (http: HttpClient, id: string, page: PageQuery = {}, options: Signal = {}) =>
	http.json('GET', `${pathOf(id)}/runs`, listOf(sourceRunSchema), { query: { ...page }, ...options });

/** The last twelve months, newest first. */
export const readSourceUse = (http: HttpClient, id: string, options: Signal = {}) =>
	http.json('GET', `${pathOf(id)}/use`, z.object({ items: z.array(sourceUseSchema) }), options);
