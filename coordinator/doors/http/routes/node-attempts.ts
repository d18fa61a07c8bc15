import { z } from 'zod';
import { idSchema } from '../../../../shared/protocol/ids.ts';
import { pageOf, pageQuerySchema } from '../../../../shared/protocol/json.ts';
import {
	nodeAttemptSchema,
	pastAttemptSchema,
	pastAttemptsQuerySchema,
} from '../../../../shared/protocol/node-attempt.ts';
import { mayNamePeople } from '../../../accounts/oversight.ts';
import type { Agents } from '../../../agents/agents.ts';
import type { NodeAttempts } from '../../../queue/node-attempts.ts';
import { type AnyRoute, defineRoute } from '../route.ts';

/** Each goes through thousands of rows. */
const MOST_AT_ONCE = 4;

export const nodeAttemptRoutes = (rooms: {
	agents: { nodes: Pick<Agents['nodes'], 'get'> };
	nodeAttempts: Pick<NodeAttempts, 'list' | 'past'>;
}): AnyRoute[] => [
	defineRoute({
		method: 'GET',
		path: '/api/v1/admin/nodes/:id/attempts',
		access: { verb: 'read', kind: 'node' },
		summary: 'What runs on a node, the oldest task first',
		tag: 'nodes',
		params: z.strictObject({ id: idSchema('node') }),
		query: pageQuerySchema,
		answers: { 200: pageOf(nodeAttemptSchema) },
		async handler({ actor, params, query }) {
			rooms.agents.nodes.get(params.id);
			return rooms.nodeAttempts.list(params.id, query, mayNamePeople(actor));
		},
	}),
	defineRoute({
		method: 'GET',
		path: '/api/v1/admin/nodes/:id/past-attempts',
		access: { verb: 'read', kind: 'node' },
		summary: 'What ended on a node, the newest first; a page can be shorter than its limit and yet have a next one',
		tag: 'nodes',
		mostAtOnce: MOST_AT_ONCE,
		params: z.strictObject({ id: idSchema('node') }),
		query: pastAttemptsQuerySchema,
		answers: { 200: pageOf(pastAttemptSchema) },
		async handler({ actor, params, query: { from, ...query } }) {
			rooms.agents.nodes.get(params.id);
			const wish = { ...query, from: from === undefined ? undefined : Date.parse(from) };
			return rooms.nodeAttempts.past(params.id, wish, mayNamePeople(actor));
		},
	}),
];
