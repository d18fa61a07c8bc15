import { type TaskDecisions, taskDecisionsSchema } from '../protocol/task-decisions.ts';
import type { CallOptions, HttpClient } from './http-client.ts';

/** How a task came to be started when it was; takes the coordinator up to half a minute. */
export const readTaskDecisions = (
	http: HttpClient,
	id: string,
	options: Pick<CallOptions, 'signal'> = {},
): Promise<TaskDecisions> =>
	http.json('GET', `/api/v1/admin/tasks/${encodeURIComponent(id)}/decisions`, taskDecisionsSchema, options);
