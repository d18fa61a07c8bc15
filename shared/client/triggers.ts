import { z } from 'zod';
import { idSchema } from '../protocol/ids.ts';
import { dryRunSchema } from '../protocol/job.ts';
import { type FiringState, firingSchema, type NewTrigger, triggerSchema } from '../protocol/trigger.ts';
import { type CallOptions, type HttpClient, newIdempotencyKey } from './http-client.ts';
import { listOf, type PageQuery } from './page.ts';

type Signal = Pick<CallOptions, 'signal'>;

const PATH = '/api/v1/triggers';
const pathOf = (id: string) => `${PATH}/${encodeURIComponent(id)}`;

/** In the order in which they are asked. */
export const listTriggers = (http: HttpClient, query: PageQuery & { recipe?: string } = {}, options: Signal = {}) =>
	http.json('GET', PATH, listOf(triggerSchema), { query: { ...query }, ...options });

export const createTrigger = (http: HttpClient, trigger: NewTrigger) =>
	http.json('POST', PATH, triggerSchema, { body: trigger, idempotencyKey: newIdempotencyKey() });

export const deleteTrigger = (http: HttpClient, id: string): Promise<void> => http.call('DELETE', pathOf(id));

/** Lets it fire for what is there already; `again` also for what it has fired for before. */
export const applyTrigger = (http: HttpClient, id: string, again: boolean) =>
	http.json('POST', `${pathOf(id)}:apply`, z.object({ id: idSchema('job') }), {
		body: { again },
		idempotencyKey: newIdempotencyKey(),
	});

/** What that would come to. */
export const dryApplyTrigger = (http: HttpClient, id: string, again: boolean, options: Signal = {}) =>
	http.json('POST', `${pathOf(id)}:apply`, dryRunSchema, { body: { again, dryRun: true }, ...options });

/** Replaces it; with `ifVersion` only while that is the newest. */
export const changeTrigger = (http: HttpClient, id: string, trigger: NewTrigger, ifVersion?: number) =>
	http.json('PUT', pathOf(id), triggerSchema, {
		body: trigger,
		...(ifVersion === undefined ? {} : { headers: { 'if-match': `"${ifVersion}"` } }),
	});

/** What it has done, the newest first. */
export const listFirings = (
	http: HttpClient,
	id: string,
	query: PageQuery & { state?: FiringState } = {},
	options: Signal = {},
) => http.json('GET', `${pathOf(id)}/firings`, listOf(firingSchema), { query: { ...query }, ...options });
