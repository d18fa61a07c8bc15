import { z } from 'zod';
import { actViewSchema, steerAnswerSchema } from '../../../../shared/protocol/act.ts';
import { idSchema } from '../../../../shared/protocol/ids.ts';
import { pageOf, pageQuerySchema } from '../../../../shared/protocol/json.ts';
import { doerOf } from '../../../accounts/actor.ts';
import type { Acts } from '../../../acts/acts.ts';
import { type AnyRoute, defineRoute } from '../route.ts';

const params = z.strictObject({ id: idSchema('act') });
const PATH = '/api/v1/admin/acts';

export const actRoutes = ({ acts }: { acts: Acts }): AnyRoute[] => [
	defineRoute({
		method: 'GET',
		path: PATH,
		access: { verb: 'read', kind: 'queue' },
		summary: 'List what was done to tasks, queues and nodes in the last seven days, newest first',
		tag: 'acts',
		query: pageQuerySchema,
		answers: { 200: pageOf(actViewSchema) },
		handler: async ({ query }) => acts.list(query),
	}),
	defineRoute({
		method: 'GET',
		path: `${PATH}/:id`,
		access: { verb: 'read', kind: 'queue' },
		summary: 'One act, and how far it has come',
		tag: 'acts',
		params,
		answers: { 200: actViewSchema },
		handler: async (context) => acts.view(context.params.id),
	}),
	defineRoute({
		method: 'POST',
		path: `${PATH}/:id::undo`,
		access: { verb: 'steer', kind: 'queue' },
		summary: 'Put back what an act changed; what has changed since stays. 202 while it goes on',
		tag: 'acts',
		params,
		answers: { 200: steerAnswerSchema, 202: steerAnswerSchema },
		async handler(context) {
			const answer = await acts.undo(context.params.id, doerOf(context.actor));
			context.reply.code(answer.done ? 200 : 202);
			return answer;
		},
	}),
];
