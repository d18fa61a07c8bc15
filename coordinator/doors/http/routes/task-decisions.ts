import { z } from 'zod';
import { idSchema } from '../../../../shared/protocol/ids.ts';
import { taskDecisionsSchema } from '../../../../shared/protocol/task-decisions.ts';
import type { Storyteller } from '../../../journal/storyteller.ts';
import { type AnyRoute, defineRoute } from '../route.ts';

export const taskDecisionRoutes = ({ stories }: { stories: Storyteller }): AnyRoute[] => [
	defineRoute({
		method: 'GET',
		path: '/api/v1/admin/tasks/:id/decisions',
		access: { verb: 'read', kind: 'queue' },
		summary: 'Tell from the journal how a task came to be started when it was, and who went first by which rule',
		tag: 'tasks',
		params: z.strictObject({ id: idSchema('task') }),
		answers: { 200: taskDecisionsSchema },
		handler: async ({ params }) => stories.decisionsOn(params.id),
	}),
];
