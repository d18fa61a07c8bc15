import { estimateRequestSchema, estimateSchema } from '../../../../shared/protocol/budget.ts';
import { may } from '../../../accounts/permissions.ts';
import type { Budgets } from '../../../budgets/budgets.ts';
import type { Submissions } from '../../../jobs/submissions.ts';
import { type AnyRoute, defineRoute } from '../route.ts';

export const estimateRoutes = (rooms: { submissions: Submissions; budgets: Budgets }): AnyRoute[] => [
	defineRoute({
		method: 'POST',
		path: '/api/v1/tasks::estimate',
		access: { verb: 'write', kind: 'task' },
		summary: 'What a task, or up to 1,000, would cost, and whether budgets have room for that; nothing is made',
		tag: 'tasks',
		body: estimateRequestSchema,
		mostAtOnce: 16,
		answers: { 200: estimateSchema },
		async handler({ actor, body }) {
			const mayNameAny = may(actor, 'steer', { kind: 'task', ownerSeq: null });
			const now = Date.now();
			const tasks = [];
			const { type, tasks: many = [], ...rest } = body;
			for (const submission of type === undefined ? many : [{ ...rest, type }]) {
				tasks.push(await rooms.submissions.prepare(actor.userSeq, submission, now, mayNameAny));
			}
			return rooms.budgets.estimate(tasks);
		},
	}),
];
