import { z } from 'zod';
import type { CallOptions, HttpClient } from './http-client.ts';
import { listOf, type PageQuery } from './page.ts';

const queueViewSchema = z.object({
	name: z.string(),
	bindingKeys: z.array(z.string()),
	paused: z.boolean(),
});
export type QueueView = z.infer<typeof queueViewSchema>;

const pathOf = (name: string) => `/api/v1/admin/queues/${encodeURIComponent(name)}`;

export const listQueues = (http: HttpClient, page: PageQuery = {}, options: Pick<CallOptions, 'signal'> = {}) =>
	http.json('GET', '/api/v1/admin/queues', listOf(queueViewSchema), { query: { ...page }, ...options });

export const createQueue = (http: HttpClient, queue: { name: string; bindingKeys: string[] }): Promise<void> =>
	http.call('POST', '/api/v1/admin/queues', { body: queue });

/** Tasks stay in a paused queue; those that run go on. */
export const pauseQueue = (http: HttpClient, name: string): Promise<void> => http.call('POST', `${pathOf(name)}:pause`);

export const resumeQueue = (http: HttpClient, name: string): Promise<void> =>
	http.call('POST', `${pathOf(name)}:resume`);
