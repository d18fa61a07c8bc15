import { z } from 'zod';
import { purgeQueueSchema, steerAnswerSchema, steerQueueSchema } from '../../../../shared/protocol/act.ts';
import { pageOf } from '../../../../shared/protocol/json.ts';
import { queueNameSchema } from '../../../../shared/protocol/node.ts';
import {
	newQueueSchema,
	queueDetailSchema,
	queueSteeredSchema,
	queueViewSchema,
	rebindQueueSchema,
	routeAnswerSchema,
	routeRequestSchema,
} from '../../../../shared/protocol/queue.ts';
import { doerOf } from '../../../accounts/actor.ts';
import type { QueueVerb } from '../../../queue/queue-store.ts';
import type { QueueViews } from '../../../queue/queue-views.ts';
import type { QueueWaits } from '../../../queue/queue-waits.ts';
import type { Queues } from '../../../queue/queues.ts';
import type { TaskActs } from '../../../queue/task-acts.ts';
import { type AnyRoute, defineRoute } from '../route.ts';

const nameParams = z.strictObject({ name: queueNameSchema });
const PATH = '/api/v1/admin/queues';

interface QueueRooms {
	queues: Queues;
	queueViews: QueueViews;
	queueWaits: QueueWaits;
	taskActs: TaskActs;
}

export const queueRoutes = ({ queues, queueViews, queueWaits, taskActs }: QueueRooms): AnyRoute[] => {
	const steer = (verb: QueueVerb, summary: string): AnyRoute =>
		defineRoute({
			method: 'POST',
			path: `${PATH}/:name::${verb}`,
			access: { verb: 'steer', kind: 'queue' },
			summary,
			tag: 'queues',
			params: nameParams,
			body: steerQueueSchema,
			answers: { 200: queueSteeredSchema },
			async handler({ actor, params, body }) {
				const act = await queues.steer(params.name, verb, body.reason ?? null, doerOf(actor));
				return { ...queueViews.get(params.name), act };
			},
		});

	return [
		defineRoute({
			method: 'GET',
			path: PATH,
			access: { verb: 'read', kind: 'queue' },
			summary: 'List queues with their binding keys, depths, overlaps, and the nodes that serve them',
			tag: 'queues',
			answers: { 200: pageOf(queueViewSchema) },
			handler: async () => ({ items: queueViews.list(), nextCursor: null }),
		}),
		defineRoute({
			method: 'POST',
			path: PATH,
			access: { verb: 'write', kind: 'queue' },
			summary: 'Make a queue',
			tag: 'queues',
			body: newQueueSchema,
			answers: { 201: queueViewSchema },
			async handler({ actor, body, reply }) {
				reply.code(201);
				await queues.create(body, doerOf(actor));
				return queueViews.get(body.name);
			},
		}),
		defineRoute({
			method: 'POST',
			path: `${PATH}::route`,
			access: { verb: 'read', kind: 'queue' },
			summary: 'Which queue a routing key reaches, by which binding, and who serves it',
			tag: 'queues',
			body: routeRequestSchema,
			answers: { 200: routeAnswerSchema },
			handler: async ({ body }) => queueViews.route(body.routingKey),
		}),
		defineRoute({
			method: 'GET',
			path: `${PATH}/:name`,
			access: { verb: 'read', kind: 'queue' },
			summary: 'One queue, how it is doing, and why what stands in it waits',
			tag: 'queues',
			params: nameParams,
			mostAtOnce: 4,
			answers: { 200: queueDetailSchema },
			handler: async ({ params }) => ({ ...queueViews.get(params.name), waits: await queueWaits.of(params.name) }),
		}),
		defineRoute({
			method: 'PATCH',
			path: `${PATH}/:name`,
			access: { verb: 'write', kind: 'queue' },
			summary: 'Change a queue’s binding keys; what stands in line is routed anew',
			tag: 'queues',
			params: nameParams,
			body: rebindQueueSchema,
			answers: { 200: queueViewSchema },
			async handler({ actor, params, body }) {
				await queues.rebind({ name: params.name, ...body }, doerOf(actor));
				return queueViews.get(params.name);
			},
		}),
		defineRoute({
			method: 'DELETE',
			path: `${PATH}/:name`,
			access: { verb: 'delete', kind: 'queue' },
			summary: 'Delete a queue; while tasks stand in it only with its name as confirmation: then they wait for a queue',
			tag: 'queues',
			params: nameParams,
			query: z.strictObject({ confirm: z.string().max(100).optional() }),
			answers: { 204: null },
			async handler({ actor, params, query, reply }) {
				await taskActs.deleteQueue(params.name, query.confirm ?? null, doerOf(actor));
				reply.code(204);
			},
		}),
		steer('pause', 'Pause a queue: its tasks stay in line, those that run go on'),
		steer('drain', 'Let a queue take no new tasks; what is in line is worked off'),
		steer('resume', 'Let a paused or draining queue go on'),
		defineRoute({
			method: 'POST',
			path: `${PATH}/:name::purge`,
			access: { verb: 'delete', kind: 'queue' },
			fresh: true,
			summary: 'Cancel everything in a queue that does not run, or with dryRun only count it; 202 while it goes on',
			tag: 'queues',
			params: nameParams,
			body: purgeQueueSchema,
			answers: { 200: steerAnswerSchema, 202: steerAnswerSchema },
			async handler({ actor, params, body, reply }) {
				const { confirm = null, reason = null, dryRun } = body;
				const answer = await taskActs.purge(params.name, { confirm, reason, dryRun }, doerOf(actor));
				reply.code(answer.done ? 200 : 202);
				return answer;
			},
		}),
	];
};
