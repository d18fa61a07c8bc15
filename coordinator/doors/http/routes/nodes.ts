import { z } from 'zod';
import { absenceSchema } from '../../../../shared/protocol/act.ts';
import { idSchema } from '../../../../shared/protocol/ids.ts';
import { pageOf, pageQuerySchema } from '../../../../shared/protocol/json.ts';
import { nodeSettingsSchema, nodeSteeredSchema, nodeViewSchema } from '../../../../shared/protocol/node.ts';
import { doerOf } from '../../../accounts/actor.ts';
import type { Agents } from '../../../agents/agents.ts';
import { type AnyRoute, defineRoute } from '../route.ts';

const params = z.strictObject({ id: idSchema('node') });
const PATH = '/api/v1/admin/nodes';

export const nodeRoutes = ({ agents }: { agents: Pick<Agents, 'nodes' | 'steering'> }): AnyRoute[] => {
	const { nodes, steering } = agents;

	const sendAway = (name: 'cordon' | 'drain', summary: string): AnyRoute =>
		defineRoute({
			method: 'POST',
			path: `${PATH}/:id::${name}`,
			access: { verb: 'steer', kind: 'node' },
			summary,
			tag: 'nodes',
			params,
			body: absenceSchema,
			answers: { 200: nodeSteeredSchema },
			async handler(context) {
				const { reason = null, until } = context.body;
				const absence = { reason, until: until === undefined ? null : Date.parse(until) };
				return steering[name](context.params.id, doerOf(context.actor), absence);
			},
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
			handler: async ({ query }) => nodes.list(query),
		}),
		defineRoute({
			method: 'GET',
			path: `${PATH}/:id`,
			access: { verb: 'read', kind: 'node' },
			summary: 'One node',
			tag: 'nodes',
			params,
			answers: { 200: nodeViewSchema },
			handler: async (context) => nodes.view(context.params.id),
		}),
		defineRoute({
			method: 'PATCH',
			path: `${PATH}/:id`,
			access: { verb: 'write', kind: 'node' },
			summary:
				'Set how many tasks a node runs at once and its labels (before what it says itself), and which tasks it takes',
			tag: 'nodes',
			params,
			body: nodeSettingsSchema,
			answers: { 200: nodeViewSchema },
			handler: async ({ actor, params: { id }, body }) => steering.configure(id, body, doerOf(actor)),
		}),
		defineRoute({
			method: 'DELETE',
			path: `${PATH}/:id`,
			access: { verb: 'delete', kind: 'node' },
			fresh: true,
			summary: 'Forget a node that is gone: it is in no list any more and may not come back by its key',
			tag: 'nodes',
			params,
			answers: { 204: null },
			async handler({ actor, params: { id }, reply }) {
				await steering.forget(id, doerOf(actor));
				return reply.code(204).send();
			},
		}),
		sendAway('cordon', 'Give a node no more work, for ever or until a time; what runs goes on'),
		defineRoute({
			method: 'POST',
			path: `${PATH}/:id::uncordon`,
			access: { verb: 'steer', kind: 'node' },
			summary: 'Give a node work again, also one that was suspect',
			tag: 'nodes',
			params,
			answers: { 200: nodeSteeredSchema },
			handler: async ({ actor, params: { id } }) => steering.uncordon(id, doerOf(actor)),
		}),
		sendAway('drain', 'Let a node finish what it runs and leave; before its time it gets no work when it comes back'),
		defineRoute({
			method: 'POST',
			path: `${PATH}/:id::revoke`,
			access: { verb: 'delete', kind: 'node' },
			fresh: true,
			summary: 'Cut a node off for good; what it runs is run elsewhere',
			tag: 'nodes',
			params,
			answers: { 200: nodeViewSchema },
			handler: async ({ actor, params: { id } }) => steering.revoke(id, doerOf(actor)),
		}),
	];
};
