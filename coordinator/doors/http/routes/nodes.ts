import { z } from 'zod';
import { configureSchema } from '../../../../shared/protocol/agent-link.ts';
import { idSchema } from '../../../../shared/protocol/ids.ts';
import { pageOf, pageQuerySchema } from '../../../../shared/protocol/json.ts';
import { nodeViewSchema } from '../../../../shared/protocol/node.ts';
import { type Actor, doerOf } from '../../../accounts/actor.ts';
import { requirePermission, type Verb } from '../../../accounts/permissions.ts';
import type { Agents } from '../../../agents/agents.ts';
import type { Doer } from '../../../audit/doer.ts';
import { type AnyRoute, defineRoute } from '../route.ts';

const params = z.strictObject({ id: idSchema('node') });
const PATH = '/api/v1/admin/nodes';

export const nodeRoutes = ({ agents }: { agents: Pick<Agents, 'nodes' | 'steering'> }): AnyRoute[] => {
	const { nodes, steering } = agents;

	const allowed = (actor: Actor, verb: Verb): Doer => {
		requirePermission(actor, verb, { kind: 'node', ownerSeq: null });
		return doerOf(actor);
	};
	const act = (name: 'cordon' | 'uncordon' | 'drain' | 'revoke', verb: Verb, summary: string): AnyRoute =>
		defineRoute({
			method: 'POST',
			path: `${PATH}/:id::${name}`,
			access: { verb, kind: 'node' },
			summary,
			tag: 'nodes',
			params,
			answers: { 200: nodeViewSchema },
			handler: async (context) => steering[name](context.params.id, allowed(context.actor, verb)),
		});

	return [
		defineRoute({
			method: 'GET',
			path: PATH,
			access: { verb: 'read', kind: 'node' },
			summary: 'List nodes in the order of their joining',
			tag: 'nodes',
			query: pageQuerySchema,
			answers: { 200: pageOf(nodeViewSchema) },
			async handler({ actor, query }) {
				allowed(actor, 'read');
				return nodes.list(query);
			},
		}),
		defineRoute({
			method: 'GET',
			path: `${PATH}/:id`,
			access: { verb: 'read', kind: 'node' },
			summary: 'One node',
			tag: 'nodes',
			params,
			answers: { 200: nodeViewSchema },
			async handler(context) {
				allowed(context.actor, 'read');
				return nodes.view(context.params.id);
			},
		}),
		defineRoute({
			method: 'PATCH',
			path: `${PATH}/:id`,
			access: { verb: 'write', kind: 'node' },
			summary: 'Set how many tasks a node runs at once; goes before what the node says itself',
			tag: 'nodes',
			params,
			body: z.strictObject(configureSchema.shape),
			answers: { 200: nodeViewSchema },
			handler: async (context) =>
				steering.setConcurrency(context.params.id, context.body.concurrency, allowed(context.actor, 'write')),
		}),
		act('cordon', 'steer', 'Give a node no more work; what runs goes on'),
		act('uncordon', 'steer', 'Give a node work again, also one that was suspect'),
		act('drain', 'steer', 'Let a node finish what it runs and leave'),
		act('revoke', 'delete', 'Cut a node off for good; what it runs is run elsewhere'),
	];
};
