import type { z } from 'zod';
import {
	type newScheduleSchema,
	type scheduleDraftSchema,
	type schedulePreviewQuerySchema,
	schedulePreviewSchema,
	scheduleRunSchema,
	scheduleSummarySchema,
	scheduleViewSchema,
} from '../protocol/schedule.ts';
import { type CallOptions, type HttpClient, newIdempotencyKey } from './http-client.ts';
import { listOf, type PageQuery } from './page.ts';

type Signal = Pick<CallOptions, 'signal'>;

const PATH = '/api/v1/schedules';
const pathOf = (id: string) => `${PATH}/${encodeURIComponent(id)}`;
const matching = (version: number | undefined): Pick<CallOptions, 'headers'> =>
	version === undefined ? {} : { headers: { 'if-match': `"${version}"` } };

/** `owner`: another person's id, or `all`, for operators. */
export const listSchedules = (http: HttpClient, page: PageQuery & { owner?: string } = {}, options: Signal = {}) =>
	http.json('GET', PATH, listOf(scheduleSummarySchema), { query: { ...page }, ...options });

export const readSchedule = (http: HttpClient, id: string, options: Signal = {}) =>
	http.json('GET', pathOf(id), scheduleViewSchema, options);

/** Safely repeated when the connection is cut. */
export const createSchedule = (http: HttpClient, schedule: z.input<typeof newScheduleSchema>, options: Signal = {}) =>
	http.json('POST', PATH, scheduleViewSchema, { body: schedule, idempotencyKey: newIdempotencyKey(), ...options });

/** Replaces all of it; with `ifVersion` only what was seen. */
export const changeSchedule = (
	http: HttpClient,
	id: string,
	schedule: z.input<typeof scheduleDraftSchema>,
	ifVersion?: number,
) => http.json('PUT', pathOf(id), scheduleViewSchema, { body: schedule, ...matching(ifVersion) });

export const deleteSchedule = (http: HttpClient, id: string, ifVersion?: number): Promise<void> =>
	http.call('DELETE', pathOf(id), matching(ifVersion));

export const pauseSchedule = (http: HttpClient, id: string, reason?: string) =>
	http.json('POST', `${pathOf(id)}:pause`, scheduleViewSchema, { body: reason === undefined ? {} : { reason } });

export const resumeSchedule = (http: HttpClient, id: string) =>
	http.json('POST', `${pathOf(id)}:resume`, scheduleViewSchema);

/** Runs it at once; the run tells what came of it. */
export const runSchedule = (http: HttpClient, id: string) =>
	http.json('POST', `${pathOf(id)}:run`, scheduleRunSchema, { idempotencyKey: newIdempotencyKey() });

/** What became of its times, newest first. */
export const listScheduleRuns = (http: HttpClient, id: string, page: PageQuery = {}, options: Signal = {}) =>
	http.json('GET', `${pathOf(id)}/runs`, listOf(scheduleRunSchema), { query: { ...page }, ...options });

/** When a schedule with these times would run, and in words. */
export const previewSchedule = (
	http: HttpClient,
	times: z.input<typeof schedulePreviewQuerySchema>,
	options: Signal = {},
) => http.json('POST', `${PATH}:preview`, schedulePreviewSchema, { body: times, ...options });
