import { z } from 'zod';
import { reasonSchema, steerAnswerSchema, steerTasksSchema, type TaskVerb } from '../../../../shared/protocol/act.ts';
import { idSchema } from '../../../../shared/protocol/ids.ts';
import { routingKeySchema } from '../../../../shared/protocol/task.ts';
import { type Actor, doerOf } from '../../../accounts/actor.ts';
import { may, requirePermission } from '../../../accounts/permissions.ts';
import type { TaskActs } from '../../../queue/task-acts.ts';
import type { TaskReader } from '../../../queue/task-reader.ts';
import type { Said, TaskWords } from '../../../queue/task-words.ts';
import { type AnyRoute, defineRoute } from '../route.ts';

const params = z.strictObject({ id: idSchema('task') });
const idAnswer = z.object({ id: idSchema('task') });
const reasonBody = z.strictObject({ reason: reasonSchema.optional() }).default({});
const moveBody = z.strictObject({
	routingKey: routingKeySchema,
	force: z.boolean().default(false),
	reason: reasonSchema.optional(),
});

interface SteeringRooms {
	taskActs: TaskActs;
	taskWords: TaskWords;
	reader: TaskReader;
}

export const taskSteeringRoutes = ({ taskActs, taskWords, reader }: SteeringRooms): AnyRoute[] => {
	/** What owners, too, may do to their own tasks. */
	const say = async (actor: Actor, id: string, said: Said): Promise<{ id: string }> => {
		const task = await reader.ownerOf(id);
		requirePermission(actor, 'steer', { kind: 'task', ownerSeq: task.ownerSeq });
		const isOperator = may(actor, 'steer', { kind: 'task', ownerSeq: null });
		await taskWords.say({ id, ...task }, said, { ...doerOf(actor), userSeq: actor.userSeq, isOperator });
		return { id };
	};
	const end = (verb: 'cancel' | 'retry', summary: string): AnyRoute =>
		defineRoute({
			method: 'POST',
			path: `/api/v1/tasks/:id::${verb}`,
			access: { verb: 'steer', kind: 'task' },
			summary,
			tag: 'tasks',
			params,
			answers: { 202: idAnswer },
			async handler({ actor, params: { id }, reply }) {
				reply.code(202);
				return say(actor, id, { verb });
			},
		});
	const hold = (verb: 'hold' | 'release', summary: string): AnyRoute =>
		defineRoute({
			method: 'POST',
			path: `/api/v1/tasks/:id::${verb}`,
			access: { verb: 'steer', kind: 'task' },
			summary,
			tag: 'tasks',
			params,
			body: reasonBody,
			answers: { 200: idAnswer },
			handler: async ({ actor, params: { id }, body: { reason } }) => say(actor, id, { verb, reason }),
		});
	const line = (verb: Extract<TaskVerb, 'boost' | 'unboost'>, summary: string): AnyRoute =>
		defineRoute({
			method: 'POST',
			path: `/api/v1/tasks/:id::${verb}`,
			access: { verb: 'steer', kind: 'queue' },
			summary,
			tag: 'tasks',
			params,
			body: reasonBody,
			answers: { 200: idAnswer },
			async handler({ actor, params: { id }, body: { reason } }) {
				await taskActs.one(id, { verb, reason, force: false }, doerOf(actor));
				return { id };
			},
		});

	return [
		end('cancel', 'Cancel a task for good; a running attempt is told to stop'),
		end('retry', 'Queue a task again that ended without success'),
		hold('hold', 'Keep a task out of line until it is released; what runs goes on and does not start again'),
		hold('release', 'Put a held task back into line; owners release only what they held themselves'),
		line('boost', 'Let a task go before everything that is not boosted'),
		line('unboost', 'Let a boosted task wait like any other'),
		defineRoute({
			method: 'POST',
			path: '/api/v1/tasks/:id::move',
			access: { verb: 'steer', kind: 'queue' },
			summary: 'Give a task that does not run another routing key',
			tag: 'tasks',
			params,
			body: moveBody,
			answers: { 200: idAnswer },
			async handler({ actor, params: { id }, body }) {
				await taskActs.one(id, { verb: 'move', ...body }, doerOf(actor));
				return { id };
			},
		}),
		defineRoute({
			method: 'POST',
			path: '/api/v1/admin/tasks::steer',
			access: { verb: 'steer', kind: 'queue' },
			summary:
				'Hold, release, boost, move, cancel or retry named tasks, or all that fit a filter; 202 while it goes on',
			tag: 'tasks',
			body: steerTasksSchema,
			mostAtOnce: 8,
			answers: { 200: steerAnswerSchema, 202: steerAnswerSchema },
			async handler({ actor, body, reply }) {
				const answer = await taskActs.steer(body, doerOf(actor));
				reply.code(answer.done ? 200 : 202);
				return answer;
			},
		}),
	];
};
