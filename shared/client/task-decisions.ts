import { type TaskDecisions, taskDecisionsSchema } from '../protocol/task-decisions.ts';
import type { CallOptions, HttpClient } from './http-client.ts';

/** The coordinator may need half a minute, and others may ask before. */
const MOST_MS = 150_000;

/** How a task came to be started when it was. */
export const readTaskDecisions = (
	http: HttpClient,
	id: string,
	options: Pick<CallOptions, 'signal'> = {},
): Promise<TaskDecisions> =>
	http.json('GET', `/api/v1/admin/tasks/${encodeURIComponent(id)}/decisions`, taskDecisionsSchema, {
		timeoutMs: MOST_MS,
		...options,
	});
