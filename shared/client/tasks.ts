import { z } from 'zod';
import { idSchema } from '../protocol/ids.ts';
import {
	logLineSchema,
	type TaskDetail,
	type TaskListQuery,
	type TaskSubmission,
	taskDetailSchema,
	type taskSubmissionSchema,
	taskSummarySchema,
} from '../protocol/task.ts';
import { type PlacementView, placementSchema } from '../protocol/waiting.ts';
import { type CallOptions, type HttpClient, newIdempotencyKey } from './http-client.ts';
import { listOf } from './page.ts';

type Signal = Pick<CallOptions, 'signal'>;
/** A task to submit; what is left out is the server's default. */
export type NewTask = z.input<typeof taskSubmissionSchema> & Pick<TaskSubmission, 'type'>;
const pathOf = (id: string) => `/api/v1/tasks/${encodeURIComponent(id)}`;
const logPageSchema = z.object({ items: z.array(logLineSchema), nextSeq: z.number() });

export const listTasks = (http: HttpClient, query: Partial<TaskListQuery> = {}, options: Signal = {}) =>
	http.json('GET', '/api/v1/tasks', listOf(taskSummarySchema), { query, ...options });

export const readTask = (http: HttpClient, id: string, options: Signal = {}): Promise<TaskDetail> =>
	http.json('GET', pathOf(id), taskDetailSchema, options);

/** Every rule asked of every connected node. */
export const readPlacement = (http: HttpClient, id: string, options: Signal = {}): Promise<PlacementView> =>
	http.json('GET', `${pathOf(id)}/placement`, placementSchema, options);

/** Submits one task, safely repeated when the connection is cut. */
export const submitTask = (http: HttpClient, task: NewTask, options: Signal = {}) =>
	http.json('POST', '/api/v1/tasks', z.object({ id: idSchema('task') }), {
		body: task,
		idempotencyKey: newIdempotencyKey(),
		...options,
	});

/** Submits up to 10,000 tasks, all or none; safely repeated when the connection is cut. */
export const submitTasks = (http: HttpClient, tasks: readonly NewTask[], options: Signal = {}) =>
	http.json('POST', '/api/v1/tasks:batch', z.object({ ids: z.array(idSchema('task')) }), {
		body: { tasks },
		idempotencyKey: newIdempotencyKey(),
		...options,
	});

/** Asks for the task's end; a running attempt is told to stop. */
export const cancelTask = (http: HttpClient, id: string): Promise<void> => http.call('POST', `${pathOf(id)}:cancel`);

const idAnswer = z.object({ id: idSchema('task') });

/** Keeps a task out of line until it is released; what runs goes on. */
export const holdTask = (http: HttpClient, id: string) => http.json('POST', `${pathOf(id)}:hold`, idAnswer);

/** Puts a held task back into line. */
export const releaseTask = (http: HttpClient, id: string) => http.json('POST', `${pathOf(id)}:release`, idAnswer);

/** Queues a task again that failed, was cancelled or quarantined; answers with the id that runs. */
export const retryTask = (http: HttpClient, id: string) => http.json('POST', `${pathOf(id)}:retry`, idAnswer);

/** Log lines after this sequence number; `nextSeq` is the `after` of the next call. */
export const readTaskLog = (http: HttpClient, id: string, after?: number, options: Signal = {}) =>
	http.json('GET', `${pathOf(id)}/log`, logPageSchema, { query: { after }, ...options });

export const taskOutputPath = (id: string, name: string): string => `${pathOf(id)}/outputs/${encodeURIComponent(name)}`;
