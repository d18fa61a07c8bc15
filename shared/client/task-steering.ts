import type { z } from 'zod';
import { actViewSchema, type SteerAnswer, steerAnswerSchema, type steerTasksSchema } from '../protocol/act.ts';
import { type discardSchema, quarantineSchema, type replaySchema } from '../protocol/quarantine.ts';
import type { CallOptions, HttpClient } from './http-client.ts';
import { listOf, type PageQuery } from './page.ts';

type Signal = Pick<CallOptions, 'signal'>;
const ACTS = '/api/v1/admin/acts';

/** Does one thing to the named tasks, or to all that fit a filter; with `dryRun` only counts them. */
export const steerTasks = (http: HttpClient, request: z.input<typeof steerTasksSchema>): Promise<SteerAnswer> =>
	http.json('POST', '/api/v1/admin/tasks:steer', steerAnswerSchema, { body: request });

export const listActs = (http: HttpClient, page: PageQuery = {}, options: Signal = {}) =>
	http.json('GET', ACTS, listOf(actViewSchema), { query: { ...page }, ...options });

export const readAct = (http: HttpClient, id: string, options: Signal = {}) =>
	http.json('GET', `${ACTS}/${encodeURIComponent(id)}`, actViewSchema, options);

/** Puts back what an act changed, where nothing else has changed it since. */
export const undoAct = (http: HttpClient, id: string): Promise<SteerAnswer> =>
	http.json('POST', `${ACTS}/${encodeURIComponent(id)}:undo`, steerAnswerSchema);

/** What failed for good, grouped by cause. */
export const readQuarantine = (http: HttpClient, options: Signal = {}) =>
	http.json('GET', '/api/v1/admin/quarantine', quarantineSchema, options);

export const replayQuarantine = (http: HttpClient, request: z.input<typeof replaySchema>): Promise<SteerAnswer> =>
	http.json('POST', '/api/v1/admin/quarantine:replay', steerAnswerSchema, { body: request });

/** Takes what failed for a cause out of the quarantine, for good. */
export const discardQuarantine = (http: HttpClient, request: z.input<typeof discardSchema>): Promise<SteerAnswer> =>
	http.json('POST', '/api/v1/admin/quarantine:discard', steerAnswerSchema, { body: request });
