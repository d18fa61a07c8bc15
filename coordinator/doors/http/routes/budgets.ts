import { z } from 'zod';
import {
	type BudgetView,
	budgetChangeSchema,
	budgetViewSchema,
	newBudgetSchema,
	ownBudgetsSchema,
} from '../../../../shared/protocol/budget.ts';
import { idSchema } from '../../../../shared/protocol/ids.ts';
import { pageOf, pageQuerySchema } from '../../../../shared/protocol/json.ts';
import { doerOf } from '../../../accounts/actor.ts';
import type { Budgets } from '../../../budgets/budgets.ts';
import { etagOf, readCondition } from '../../content/content-headers.ts';
import { type AnyRoute, defineRoute, type RouteContext } from '../route.ts';

const PATH = '/api/v1/admin/budgets';
const params = z.strictObject({ id: idSchema('budget') });

export const budgetRoutes = ({ budgets }: { budgets: Budgets }): AnyRoute[] => {
	const shown = ({ reply }: Pick<RouteContext<undefined, undefined, undefined>, 'reply'>, view: BudgetView) => {
		reply.header('etag', etagOf(String(view.version)));
		return view;
	};
	return [
		defineRoute({
			method: 'GET',
			path: '/api/v1/me/budgets',
			access: { verb: 'read', kind: 'usage' },
			summary: 'The budgets that count for whoever asks, with what is left of them this month (UTC)',
			tag: 'usage',
			answers: { 200: ownBudgetsSchema },
			handler: async ({ actor }) => budgets.of(actor.userSeq),
		}),
		defineRoute({
			method: 'GET',
			path: PATH,
			access: { verb: 'read', kind: 'accounting' },
			summary: 'Every budget, with what was spent and is set aside this month (UTC)',
			tag: 'usage',
			query: pageQuerySchema,
			answers: { 200: pageOf(budgetViewSchema) },
			handler: async ({ query }) => budgets.list(query),
		}),
		defineRoute({
			method: 'POST',
			path: PATH,
			access: { verb: 'write', kind: 'accounting' },
			summary:
				'Set what a person, a group or a service class may spend a month; what is in line already is not looked at',
			tag: 'usage',
			body: newBudgetSchema,
			answers: { 201: budgetViewSchema },
			async handler(context) {
				const view = await budgets.add(context.body, doerOf(context.actor));
				context.reply.code(201);
				return shown(context, view);
			},
		}),
		defineRoute({
			method: 'GET',
			path: `${PATH}/:id`,
			access: { verb: 'read', kind: 'accounting' },
			summary: 'One budget; its entity tag is its version',
			tag: 'usage',
			params,
			answers: { 200: budgetViewSchema },
			handler: async (context) => shown(context, await budgets.get(context.params.id)),
		}),
		defineRoute({
			method: 'PATCH',
			path: `${PATH}/:id`,
			access: { verb: 'write', kind: 'accounting' },
			summary: 'Change a budget; when it is raised, tasks that it has room for by then go on',
			tag: 'usage',
			params,
			body: budgetChangeSchema,
			answers: { 200: budgetViewSchema },
			async handler(context) {
				const { actor, body, request } = context;
				const condition = readCondition(request.headers);
				return shown(context, await budgets.change(context.params.id, body, condition, doerOf(actor)));
			},
		}),
		defineRoute({
			method: 'DELETE',
			path: `${PATH}/:id`,
			access: { verb: 'delete', kind: 'accounting' },
			summary: 'Remove a budget; tasks that waited for it alone go on',
			tag: 'usage',
			params,
			answers: { 204: null },
			async handler({ actor, params: { id }, request, reply }) {
				await budgets.remove(id, readCondition(request.headers), doerOf(actor));
				reply.code(204);
			},
		}),
	];
};
