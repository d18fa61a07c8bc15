import { z } from 'zod';
import { idSchema } from '../../../../shared/protocol/ids.ts';
import { pageOf } from '../../../../shared/protocol/json.ts';
import {
	logLineSchema,
	MAX_BATCH_BYTES,
	taskBatchSchema,
	taskDetailSchema,
	taskListQuerySchema,
	taskSubmissionSchema,
	taskSummarySchema,
} from '../../../../shared/protocol/task.ts';
import { placementSchema } from '../../../../shared/protocol/waiting.ts';
import type { Actor } from '../../../accounts/actor.ts';
import { mayNamePeople } from '../../../accounts/oversight.ts';
import { may, requireForAll, requirePermission } from '../../../accounts/permissions.ts';
import type { Submissions } from '../../../jobs/submissions.ts';
import type { TaskReader } from '../../../queue/task-reader.ts';
import { filingNeeds } from '../filing-needs.ts';
import { idempotencyKeyOf } from '../idempotency-key.ts';
import { type AnyRoute, defineRoute } from '../route.ts';

const idParams = z.strictObject({ id: idSchema('task') });
const idAnswer = z.object({ id: idSchema('task') });

export const taskRoutes = (rooms: { submissions: Submissions; reader: TaskReader }): AnyRoute[] => {
	const { submissions, reader } = rooms;

	/** Whoever may steer other people's work may also name any service class for their own. */
	const mayNameAny = (actor: Actor) => may(actor, 'steer', { kind: 'task', ownerSeq: null });
	/** Whose task it is, after asking whether the actor may; what one may not see does not exist. */
	const allowed = async (actor: Actor, id: string) => {
		const task = await reader.ownerOf(id);
		requirePermission(actor, 'read', { kind: 'task', ownerSeq: task.ownerSeq });
		return task;
	};
	return [
		defineRoute({
			method: 'POST',
			path: '/api/v1/tasks',
			access: { verb: 'write', kind: 'task' },
			summary: 'Submit a task',
			tag: 'tasks',
			body: taskSubmissionSchema,
			alsoNeeds: filingNeeds,
			answers: { 202: idAnswer },
			async handler(context) {
				const { actor, body } = context;
				const { ids } = await submissions.one(actor.userSeq, body, idempotencyKeyOf(context), mayNameAny(actor));
				context.reply.code(202);
				return { id: ids[0] };
			},
		}),
		defineRoute({
			method: 'POST',
			path: '/api/v1/tasks::batch',
			access: { verb: 'write', kind: 'task' },
			summary: 'Submit up to 10,000 tasks, all or none',
			tag: 'tasks',
			body: taskBatchSchema,
			alsoNeeds: ({ tasks }) => filingNeeds({ steps: tasks }),
			bodyLimit: MAX_BATCH_BYTES,
			mostAtOnce: 16,
			answers: { 202: z.object({ ids: z.array(idSchema('task')) }) },
			async handler(context) {
				const { actor, body } = context;
				const { ids } = await submissions.batch(
					actor.userSeq,
					body.tasks,
					idempotencyKeyOf(context),
					mayNameAny(actor),
				);
				context.reply.code(202);
				return { ids };
			},
		}),
		defineRoute({
			method: 'GET',
			path: '/api/v1/tasks',
			access: { verb: 'read', kind: 'task' },
			summary: 'List tasks, newest first',
			tag: 'tasks',
			query: taskListQuerySchema,
			mostAtOnce: 8,
			answers: { 200: pageOf(taskSummarySchema) },
			async handler({ actor, query }) {
				const others = query.owner !== undefined && query.owner !== actor.userId;
				if (others) requireForAll(actor, 'read', 'task');
				return reader.list(query, others ? null : actor.userSeq, mayNamePeople(actor));
			},
		}),
		defineRoute({
			method: 'GET',
			path: '/api/v1/tasks/:id',
			access: { verb: 'read', kind: 'task' },
			summary: 'Everything about one task',
			tag: 'tasks',
			params: idParams,
			answers: { 200: taskDetailSchema },
			async handler({ actor, params }) {
				await allowed(actor, params.id);
				return reader.read(params.id, mayNamePeople(actor));
			},
		}),
		defineRoute({
			method: 'GET',
			path: '/api/v1/tasks/:id/placement',
			access: { verb: 'read', kind: 'task' },
			summary: 'Why a task has not started: every rule asked of every connected node',
			tag: 'tasks',
			params: idParams,
			query: z.strictObject({ limit: z.coerce.number().int().min(1).max(1_000).default(100) }),
			answers: { 200: placementSchema },
			async handler({ actor, params, query }) {
				await allowed(actor, params.id);
				return reader.placement(params.id, query.limit);
			},
		}),
		defineRoute({
			method: 'GET',
			path: '/api/v1/tasks/:id/log',
			access: { verb: 'read', kind: 'task' },
			summary: 'Log lines after a sequence number',
			tag: 'tasks',
			params: idParams,
			query: z.strictObject({ after: z.coerce.number().int().min(0).default(0) }),
			answers: { 200: z.object({ items: z.array(logLineSchema), nextSeq: z.number() }) },
			async handler({ actor, params, query }) {
				const { seq } = await allowed(actor, params.id);
				return reader.log(seq, query.after);
			},
		}),
	];
};
