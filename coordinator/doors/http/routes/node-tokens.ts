import { z } from 'zod';
import { CodedError } from '../../../../shared/coded-error.ts';
import { idSchema } from '../../../../shared/protocol/ids.ts';
import { pageOf, pageQuerySchema } from '../../../../shared/protocol/json.ts';
import { queueNameSchema } from '../../../../shared/protocol/node.ts';
import { instantSchema } from '../../../../shared/protocol/task.ts';
import { doerOf } from '../../../accounts/actor.ts';
import type { Agents } from '../../../agents/agents.ts';
import { MOST_TOKEN_LIFE_MS, MOST_TOKEN_USES } from '../../../agents/node-tokens.ts';
import { type AnyRoute, defineRoute } from '../route.ts';

const PATH = '/api/v1/admin/node-tokens';
const tokenId = idSchema('nodeToken');

const newTokenSchema = z.strictObject({
	queues: z.array(queueNameSchema).min(1).max(100).optional(),
	uses: z.number().int().min(1).max(MOST_TOKEN_USES).optional(),
	/** One hour unless told, a day at most. */
	expiresInMs: z.number().int().min(1_000).max(MOST_TOKEN_LIFE_MS).optional(),
});
const tokenSchema = z.object({
	id: tokenId,
	/** The last characters of its text; null: it was made before they were kept. */
	ending: z.string().nullable(),
	/** What nodes that join by it may serve; null means any queue. */
	queues: z.array(z.string()).nullable(),
	usesLeft: z.number(),
	createdAt: instantSchema,
	expiresAt: instantSchema,
});

const instant = (at: number): string => new Date(at).toISOString();

export const nodeTokenRoutes = ({ agents: { tokens } }: { agents: Pick<Agents, 'tokens'> }): AnyRoute[] => {
	return [
		defineRoute({
			method: 'POST',
			path: PATH,
			access: { verb: 'write', kind: 'node-token' },
			fresh: true,
			summary: 'Make a token by which nodes join; it is shown once',
			tag: 'nodes',
			body: newTokenSchema,
			answers: { 201: z.object({ id: tokenId, token: z.string(), expiresAt: instantSchema }) },
			async handler({ actor, body, reply }) {
				const { id, token, expiresAt } = await tokens.create(body, doerOf(actor));
				reply.code(201).header('cache-control', 'no-store');
				return { id, token, expiresAt: instant(expiresAt) };
			},
		}),
		defineRoute({
			method: 'GET',
			path: PATH,
			access: { verb: 'read', kind: 'node-token' },
			summary: 'List the tokens by which nodes can still join',
			tag: 'nodes',
			query: pageQuerySchema,
			answers: { 200: pageOf(tokenSchema) },
			async handler({ query: { cursor, limit } }) {
				if (cursor !== undefined && !tokenId.safeParse(cursor).success) throw new CodedError('bad-cursor');
				const found = await tokens.list({ after: cursor ?? null, limit: limit + 1 });
				const items = found
					.slice(0, limit)
					.map((row) => ({ ...row, createdAt: instant(row.createdAt), expiresAt: instant(row.expiresAt) }));
				return { items, nextCursor: found.length > limit ? (items.at(-1)?.id ?? null) : null };
			},
		}),
		defineRoute({
			method: 'DELETE',
			path: `${PATH}/:id`,
			access: { verb: 'delete', kind: 'node-token' },
			summary: 'Let no node join by this token any more; nodes that have joined stay',
			tag: 'nodes',
			params: z.strictObject({ id: tokenId }),
			answers: { 204: null },
			async handler({ actor, params, reply }) {
				await tokens.delete(params.id, doerOf(actor));
				return reply.code(204).send();
			},
		}),
	];
};
