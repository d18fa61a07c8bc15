import { z } from 'zod';
import type { Absence } from '../protocol/act.ts';
import { idSchema } from '../protocol/ids.ts';
import { type NodeSettings, nodeSteeredSchema, nodeViewSchema, type SteeredNode } from '../protocol/node.ts';
import { nodeAttemptSchema, type PastAttemptsQuery, pastAttemptSchema } from '../protocol/node-attempt.ts';
import { instantSchema } from '../protocol/task.ts';
import type { CallOptions, HttpClient } from './http-client.ts';
import { listOf, type PageQuery } from './page.ts';

/** cordon: takes no more work · uncordon: takes work again · drain: finishes what it runs, then leaves */
export type NodeAct = 'cordon' | 'uncordon' | 'drain';

type Signal = Pick<CallOptions, 'signal'>;

export const readNode = (http: HttpClient, id: string, options: Signal = {}) =>
	http.json('GET', `/api/v1/admin/nodes/${encodeURIComponent(id)}`, nodeViewSchema, options);

export const listNodes = (http: HttpClient, page: PageQuery = {}, options: Pick<CallOptions, 'signal'> = {}) =>
	http.json('GET', '/api/v1/admin/nodes', listOf(nodeViewSchema), { query: { ...page }, ...options });

/** What runs there, the oldest task first. */
export const listNodeAttempts = (
	http: HttpClient,
	id: string,
	page: PageQuery = {},
	options: Pick<CallOptions, 'signal'> = {},
) =>
	http.json('GET', `/api/v1/admin/nodes/${encodeURIComponent(id)}/attempts`, listOf(nodeAttemptSchema), {
		query: { ...page },
		...options,
	});

/** What ended there, the newest first; a page can be shorter than its limit and yet have a next one. */
export const listPastAttempts = (http: HttpClient, id: string, query: PastAttemptsQuery = {}, options: Signal = {}) =>
	http.json('GET', `/api/v1/admin/nodes/${encodeURIComponent(id)}/past-attempts`, listOf(pastAttemptSchema), {
		query: query as Record<string, string>,
		...options,
	});

/** `reason` and `until` (an instant) go with cordon and drain. Answers with the act; all but a drain can be undone. */
export const steerNode = (http: HttpClient, id: string, act: NodeAct, absence?: Absence): Promise<SteeredNode> =>
	http.json('POST', `/api/v1/admin/nodes/${encodeURIComponent(id)}:${act}`, nodeSteeredSchema, {
		...(absence ? { body: absence } : {}),
	});

/** It may not come back, which cannot be undone. */
export const revokeNode = (http: HttpClient, id: string): Promise<void> =>
	http.call('POST', `/api/v1/admin/nodes/${encodeURIComponent(id)}:revoke`);

/** One that is gone: it is in no list any more. */
export const forgetNode = (http: HttpClient, id: string): Promise<void> =>
	http.call('DELETE', `/api/v1/admin/nodes/${encodeURIComponent(id)}`);

/**
 * How many tasks it runs at once, which ones it takes, and its labels; a policy of null means any that it can run, labels
 * of null are those that it declares.
 */
export const configureNode = (http: HttpClient, id: string, to: NodeSettings): Promise<void> =>
	http.call('PATCH', `/api/v1/admin/nodes/${encodeURIComponent(id)}`, { body: to });

/** What a token for joining nodes allows; the life is in milliseconds. */
export interface NewNodeToken {
	queues?: string[];
	uses?: number;
	expiresInMs?: number;
}

const newTokenSchema = z.object({ id: idSchema('nodeToken'), token: z.string().min(1), expiresAt: instantSchema });

/** Makes a token with which nodes join; it is in this answer and nowhere else. */
export const createNodeToken = (http: HttpClient, token: NewNodeToken = {}) =>
	http.json('POST', '/api/v1/admin/node-tokens', newTokenSchema, {
		body: token,
	});

/** A token by which nodes can still join, without its secret. */
const nodeTokenSchema = z.object({
	id: idSchema('nodeToken'),
	/** The last characters of its text; null: it was made before they were kept. */
	ending: z.string().nullable(),
	/** Null: any queue. */
	queues: z.array(z.string()).nullable(),
	usesLeft: z.number(),
	createdAt: instantSchema,
	expiresAt: instantSchema,
});
export type NodeToken = z.infer<typeof nodeTokenSchema>;

export const listNodeTokens = (http: HttpClient, page: PageQuery = {}, options: Signal = {}) =>
	http.json('GET', '/api/v1/admin/node-tokens', listOf(nodeTokenSchema), { query: { ...page }, ...options });

/** No node joins by it any more; those that have joined stay. */
export const deleteNodeToken = (http: HttpClient, id: string): Promise<void> =>
	http.call('DELETE', `/api/v1/admin/node-tokens/${encodeURIComponent(id)}`);
