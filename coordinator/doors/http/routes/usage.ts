import { z } from 'zod';
import { instantSchema } from '../../../../shared/protocol/task.ts';
import { usageAnswerSchema, usageCutQuerySchema, usageCutSchema } from '../../../../shared/protocol/usage.ts';
import type { Accounting } from '../../../accounting/accounting.ts';
import { type AnyRoute, defineRoute } from '../route.ts';

export const usageRoutes = ({ accounting }: { accounting: Accounting }): AnyRoute[] => [
	defineRoute({
		method: 'GET',
		path: '/api/v1/usage',
		access: { verb: 'read', kind: 'usage' },
		summary:
			'What one has used, by day (UTC) and kind of work; the last 31 days unless told, 366 at most, in whole hours',
		tag: 'usage',
		query: z.strictObject({ from: instantSchema.optional(), to: instantSchema.optional() }),
		answers: { 200: usageAnswerSchema },
		handler: async ({ actor, query }) => accounting.cuts.own(actor.userSeq, query),
	}),
	defineRoute({
		method: 'GET',
		path: '/api/v1/admin/usage',
		access: { verb: 'read', kind: 'accounting' },
		summary: 'What everybody has used, told apart by one dimension and narrowed down by others',
		tag: 'usage',
		query: usageCutQuerySchema,
		answers: { 200: usageCutSchema },
		handler: async ({ query }) => accounting.cuts.cut(query),
	}),
];
