import { z } from 'zod';
import { instantSchema } from '../../../../shared/protocol/task.ts';
import {
	usageAnswerSchema,
	usageCorrectionSchema,
	usageCutQuerySchema,
	usageCutSchema,
	usageRecordPageSchema,
	usageRecordQuerySchema,
	usageVerdictSchema,
} from '../../../../shared/protocol/usage.ts';
import type { Accounting } from '../../../accounting/accounting.ts';
import { doerOf } from '../../../accounts/actor.ts';
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
	defineRoute({
		method: 'GET',
		path: '/api/v1/admin/usage/records',
		access: { verb: 'read', kind: 'accounting' },
		summary: 'The metered facts that a sum is made of, the newest first; a page may be short and yet have a next',
		tag: 'usage',
		query: usageRecordQuerySchema,
		answers: { 200: usageRecordPageSchema },
		handler: async ({ query }) => accounting.records(query),
	}),
	defineRoute({
		method: 'POST',
		path: '/api/v1/admin/usage/corrections',
		access: { verb: 'write', kind: 'accounting' },
		summary: 'Correct what somebody owes by a record of its own; what was metered stays as it is',
		tag: 'usage',
		body: usageCorrectionSchema,
		answers: { 201: z.object({ record: z.number() }) },
		async handler({ actor, body, reply }) {
			const record = await accounting.correct(body, doerOf(actor));
			reply.code(201);
			return { record };
		},
	}),
	defineRoute({
		method: 'POST',
		path: '/api/v1/admin/usage::verify',
		access: { verb: 'read', kind: 'accounting' },
		summary: 'Recompute seals, amounts and sums from the records and compare; minutes for millions of them',
		tag: 'usage',
		mostAtOnce: 1,
		answers: { 200: usageVerdictSchema },
		handler: async () => accounting.verification.run(),
	}),
	defineRoute({
		method: 'POST',
		path: '/api/v1/admin/usage::rebuild',
		access: { verb: 'write', kind: 'accounting' },
		summary: 'Make all sums anew from the records; those that are there count until that is done',
		tag: 'usage',
		mostAtOnce: 1,
		answers: { 204: null },
		async handler({ actor, reply }) {
			await accounting.rollups.rebuild(doerOf(actor));
			reply.code(204);
		},
	}),
];
