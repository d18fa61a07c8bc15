import { z } from 'zod';
import { idSchema } from '../protocol/ids.ts';
import { dryRunSchema, type JobListQuery, type JobView, jobSchema, type NewJobWish } from '../protocol/job.ts';
import { type CallOptions, type HttpClient, newIdempotencyKey } from './http-client.ts';
import { listOf } from './page.ts';

type Signal = Pick<CallOptions, 'signal'>;

const PATH = '/api/v1/jobs';
const pathOf = (id: string) => `${PATH}/${encodeURIComponent(id)}`;

/** Safely repeated when the connection is cut. */
export const startJob = (http: HttpClient, wish: NewJobWish) =>
	http.json('POST', PATH, z.object({ id: idSchema('job') }), { body: wish, idempotencyKey: newIdempotencyKey() });

/** What it would come to; nothing is made. */
export const dryRunJob = (http: HttpClient, wish: NewJobWish, options: Signal = {}) =>
	http.json('POST', `${PATH}:dry-run`, dryRunSchema, { body: wish, ...options });

/** The newest first. */
export const listJobs = (http: HttpClient, query: Partial<JobListQuery> = {}, options: Signal = {}) =>
	http.json('GET', PATH, listOf(jobSchema), { query: { ...query }, ...options });

export const readJob = (http: HttpClient, id: string, options: Signal = {}): Promise<JobView> =>
	http.json('GET', pathOf(id), jobSchema, options);

/** pause: no more tasks are made, and those that do not run are held · cancel: for good */
export type JobAct = 'pause' | 'resume' | 'cancel';

export const steerJob = (http: HttpClient, id: string, act: JobAct): Promise<JobView> =>
	http.json('POST', `${pathOf(id)}:${act}`, jobSchema);
