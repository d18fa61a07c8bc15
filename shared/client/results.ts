import { pageOf } from '../protocol/json.ts';
import { jobOutputSchema, type ResultListQuery, resultSchema } from '../protocol/result.ts';
import type { CallOptions, HttpClient } from './http-client.ts';
import type { PageQuery } from './page.ts';

type Signal = Pick<CallOptions, 'signal'>;

/** Files that one's tasks made, newest first. */
export const listResults = (http: HttpClient, query: Partial<ResultListQuery> = {}, options: Signal = {}) =>
	http.json('GET', '/api/v1/results', pageOf(resultSchema), { query: { ...query }, ...options });

/** What came out of a job's tasks. */
export const listJobOutputs = (http: HttpClient, job: string, page: PageQuery = {}, options: Signal = {}) =>
	http.json('GET', `/api/v1/jobs/${encodeURIComponent(job)}/results`, pageOf(jobOutputSchema), {
		query: { ...page },
		...options,
	});
