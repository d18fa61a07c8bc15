import { type PurgeQueue, type SteerAnswer, steerAnswerSchema } from '../protocol/act.ts';
import {
	type NewQueue,
	queueDetailSchema,
	queueSteeredSchema,
	queueViewSchema,
	routeAnswerSchema,
} from '../protocol/queue.ts';
import type { CallOptions, HttpClient } from './http-client.ts';
import { listOf, type PageQuery } from './page.ts';

const PATH = '/api/v1/admin/queues';
const pathOf = (name: string) => `${PATH}/${encodeURIComponent(name)}`;

export const listQueues = (http: HttpClient, page: PageQuery = {}, options: Pick<CallOptions, 'signal'> = {}) =>
	http.json('GET', PATH, listOf(queueViewSchema), { query: { ...page }, ...options });

/** One queue, and why what stands in it waits. */
export const readQueue = (http: HttpClient, name: string, options: Pick<CallOptions, 'signal'> = {}) =>
	http.json('GET', pathOf(name), queueDetailSchema, options);

export const createQueue = (http: HttpClient, queue: NewQueue): Promise<void> =>
	http.call('POST', PATH, { body: queue });

/** Gives it these binding keys instead; what stands in line is routed anew. */
export const bindQueue = (http: HttpClient, { name, bindingKeys }: NewQueue) =>
	http.call('PATCH', pathOf(name), { body: { bindingKeys } });

/** pause: nothing is started from it · drain: it takes no new tasks · resume: neither any more */
export type QueueAct = 'pause' | 'drain' | 'resume';

/** Answers with the act, which can be undone. */
export const steerQueue = (http: HttpClient, name: string, act: QueueAct, reason?: string) =>
	http.json('POST', `${pathOf(name)}:${act}`, queueSteeredSchema, { body: reason === undefined ? {} : { reason } });

/** Cancels everything in it that does not run; `confirm` is its name once more. With `dryRun` it is only counted. */
export const purgeQueue = (http: HttpClient, name: string, wish: PurgeQueue): Promise<SteerAnswer> =>
	http.json('POST', `${pathOf(name)}:purge`, steerAnswerSchema, { body: wish });

export const deleteQueue = (http: HttpClient, name: string, confirm?: string): Promise<void> =>
	http.call('DELETE', pathOf(name), confirm === undefined ? {} : { query: { confirm } });

/** Which queue a routing key reaches, and who serves it. */
export const testRoutingKey = (http: HttpClient, routingKey: string, options: Pick<CallOptions, 'signal'> = {}) =>
	http.json('POST', `${PATH}:route`, routeAnswerSchema, { body: { routingKey }, ...options });
