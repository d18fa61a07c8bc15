import { z } from 'zod';
import { idSchema } from '../protocol/ids.ts';
import { type NodeView, nodeViewSchema } from '../protocol/node.ts';
import { nodeAttemptSchema } from '../protocol/node-attempt.ts';
import type { CallOptions, HttpClient } from './http-client.ts';
import { listOf, type PageQuery } from './page.ts';

/** cordon: takes no more work · uncordon: takes work again · drain: finishes what it runs, then leaves · revoke: may not come back */
export type NodeAct = 'cordon' | 'uncordon' | 'drain' | 'revoke';

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

/** `reason` and `until` (an instant) go with cordon and drain. */
export const steerNode = (
	http: HttpClient,
	id: string,
	act: NodeAct,
	absence?: { reason?: string | undefined; until?: string | undefined },
): Promise<void> =>
	http.call('POST', `/api/v1/admin/nodes/${encodeURIComponent(id)}:${act}`, absence ? { body: absence } : {});

/** How many tasks it runs at once, and which ones it takes; a policy of null means any that it can run. */
export const configureNode = (
	http: HttpClient,
	id: string,
	to: { concurrency?: number; policy?: NodeView['policy'] },
): Promise<void> => http.call('PATCH', `/api/v1/admin/nodes/${encodeURIComponent(id)}`, { body: to });

/** What a token for joining nodes allows; the life is in milliseconds. */
export interface NewNodeToken {
	queues?: string[];
	uses?: number;
	expiresInMs?: number;
}

/** Makes a token with which nodes join; it is in this answer and nowhere else. */
export const createNodeToken = (http: HttpClient, token: NewNodeToken = {}) =>
	http.json('POST', '/api/v1/admin/node-tokens', z.object({ id: idSchema('nodeToken'), token: z.string().min(1) }), {
		body: token,
	});
