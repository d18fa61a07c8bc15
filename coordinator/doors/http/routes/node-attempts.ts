import { z } from 'zod';
import { idSchema } from '../../../../shared/protocol/ids.ts';
import { pageOf, pageQuerySchema } from '../../../../shared/protocol/json.ts';
import { nodeAttemptSchema } from '../../../../shared/protocol/node-attempt.ts';
import { may } from '../../../accounts/permissions.ts';
import type { Agents } from '../../../agents/agents.ts';
import type { NodeAttempts } from '../../../queue/node-attempts.ts';
import { type AnyRoute, defineRoute } from '../route.ts';

export const nodeAttemptRoutes = (rooms: {
	agents: { nodes: Pick<Agents['nodes'], 'get'> };
	nodeAttempts: Pick<NodeAttempts, 'list'>;
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
			return rooms.nodeAttempts.list(params.id, query, may(actor, 'read', { kind: 'user', ownerSeq: null }));
		},
	}),
];
