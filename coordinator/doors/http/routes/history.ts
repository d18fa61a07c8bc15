import { z } from 'zod';
import { historyQuerySchema, historySchema } from '../../../../shared/protocol/history.ts';
import { idSchema } from '../../../../shared/protocol/ids.ts';
import { queueNameSchema } from '../../../../shared/protocol/node.ts';
import { serviceClassNameSchema } from '../../../../shared/protocol/service-class.ts';
import type { Agents } from '../../../agents/agents.ts';
import type { History } from '../../../monitoring/history.ts';
import type { ServiceClasses } from '../../../qos/service-classes.ts';
import type { Queues } from '../../../queue/queues.ts';
import { type AnyRoute, defineRoute } from '../route.ts';

const ADMIN = '/api/v1/admin';
const nodeParams = z.strictObject({ id: idSchema('node') });
const queueParams = z.strictObject({ name: queueNameSchema });
const classParams = z.strictObject({ name: serviceClassNameSchema });
const answers = { 200: historySchema };
const query = historyQuerySchema;
/** Each goes through thousands of rows, in the thread that also writes them. */
const MOST_AT_ONCE = 4;

export const historyRoutes = (rooms: {
	history: Pick<History, 'read'>;
	agents: Pick<Agents, 'nodes'>;
	queues: Pick<Queues, 'row'>;
	serviceClasses: Pick<ServiceClasses, 'get'>;
}): AnyRoute[] => [
	defineRoute({
		method: 'GET',
		path: `${ADMIN}/nodes/:id/history`,
		access: { verb: 'read', kind: 'node' },
		summary: 'How a node’s machine was doing: seconds for an hour, minutes for a week, hours for a year',
		tag: 'monitoring',
		params: nodeParams,
		query,
		answers,
		mostAtOnce: MOST_AT_ONCE,
		async handler({ params, query }) {
			rooms.agents.nodes.get(params.id);
			return rooms.history.read('node', params.id, query);
		},
	}),
	defineRoute({
		method: 'GET',
		path: `${ADMIN}/queues/:name/history`,
		access: { verb: 'read', kind: 'queue' },
		summary: 'Depth, oldest task, rates, waits and failures of a queue over time',
		tag: 'monitoring',
		params: queueParams,
		query,
		answers,
		mostAtOnce: MOST_AT_ONCE,
		async handler({ params, query }) {
			return rooms.history.read('queue', rooms.queues.row(params.name).name, query);
		},
	}),
	defineRoute({
		method: 'GET',
		path: `${ADMIN}/service-classes/:name/history`,
		access: { verb: 'read', kind: 'service-class' },
		summary: 'Depth, oldest task, rates, waits and failures of a service class over time',
		tag: 'monitoring',
		params: classParams,
		query,
		answers,
		mostAtOnce: MOST_AT_ONCE,
		async handler({ params, query }) {
			const { name } = await rooms.serviceClasses.get(params.name);
			return rooms.history.read('class', name, query);
		},
	}),
	defineRoute({
		method: 'GET',
		path: `${ADMIN}/history`,
		access: { verb: 'read', kind: 'node' },
		summary: 'How the coordinator was doing: event loop, commits, log, disk, and all tasks together',
		tag: 'monitoring',
		query,
		answers,
		mostAtOnce: MOST_AT_ONCE,
		handler: async ({ query }) => rooms.history.read('coordinator', '', query),
	}),
];
