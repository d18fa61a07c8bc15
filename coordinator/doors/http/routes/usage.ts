import { z } from 'zod';
import {
	dayOrInstantSchema,
	usageAnswerSchema,
	usageCorrectedSchema,
	usageCorrectionSchema,
	usageCutQuerySchema,
	usageCutSchema,
	usageRecordPageSchema,
	usageRecordQuerySchema,
	usageVerdictSchema,
} from '../../../../shared/protocol/usage.ts';
import { usageByFileSchema, usageByTaskSchema, usageListQuerySchema } from '../../../../shared/protocol/usage-list.ts';
import { adminUsageMetricsQuerySchema, usageMetricsSchema } from '../../../../shared/protocol/usage-metric.ts';
import { ownUsageCsv } from '../../../../shared/usage-csv.ts';
import type { Accounting } from '../../../accounting/accounting.ts';
import { doerOf } from '../../../accounts/actor.ts';
import { idempotencyOf } from '../../../queue/idempotency.ts';
import type { TaskQueue } from '../../../queue/task-queue.ts';
import { idempotencyKeyOf } from '../idempotency-key.ts';
import { type AnyRoute, defineRoute } from '../route.ts';
import { CSV_TYPE, sendBytes } from '../send-bytes.ts';

export const usageRoutes = ({ accounting, queue }: { accounting: Accounting; queue: TaskQueue }): AnyRoute[] => [
	defineRoute({
		method: 'GET',
		path: '/api/v1/usage',
		access: { verb: 'read', kind: 'usage' },
		summary:
			'What one has used, by day (UTC) and kind of work; the last 31 days unless told, 366 at most, in whole hours',
		tag: 'usage',
		query: z.strictObject({
			from: dayOrInstantSchema.optional(),
			to: dayOrInstantSchema.optional(),
			format: z.enum(['json', 'csv']).default('json'),
		}),
		answers: { 200: usageAnswerSchema },
		async handler({ actor, query: { format, ...period }, reply }) {
			const usage = await accounting.cuts.own(actor.userSeq, period);
			if (format === 'json') return usage;
			return sendBytes(reply, Buffer.from(ownUsageCsv(usage)), { name: 'usage.csv', type: CSV_TYPE });
		},
	}),
	defineRoute({
		method: 'GET',
		path: '/api/v1/usage/tasks',
		access: { verb: 'read', kind: 'usage' },
		summary: 'What each of one’s tasks has used, the dearest first',
		tag: 'usage',
		mostAtOnce: 2,
		query: usageListQuerySchema,
		answers: { 200: usageByTaskSchema },
		handler: async ({ actor, query }) => accounting.cuts.ownByTask(actor.userSeq, query),
	}),
	defineRoute({
		method: 'GET',
		path: '/api/v1/usage/files',
		access: { verb: 'read', kind: 'usage' },
		summary: 'What was used for each of one’s files by the tasks that worked on them, the dearest first',
		tag: 'usage',
		mostAtOnce: 2,
		query: usageListQuerySchema,
		answers: { 200: usageByFileSchema },
		handler: async ({ actor, query }) => accounting.cuts.ownByFile(actor.userSeq, query),
	}),
	defineRoute({
		method: 'GET',
		path: '/api/v1/usage/metrics',
		access: { verb: 'read', kind: 'usage' },
		summary: 'All that one ever used as counters and rates, with the fields of MServe’s usage reports',
		tag: 'usage',
		answers: { 200: usageMetricsSchema },
		handler: async ({ actor }) => ({ items: await accounting.counters.metrics(actor.userId, queue.liveAttempts()) }),
	}),
	defineRoute({
		method: 'GET',
		path: '/api/v1/admin/usage/metrics',
		access: { verb: 'read', kind: 'accounting' },
		summary: 'The same of one person, or of everybody together',
		tag: 'usage',
		query: adminUsageMetricsQuerySchema,
		answers: { 200: usageMetricsSchema },
		handler: async ({ query: { owner = null } }) => ({
			items: await accounting.counters.metrics(owner, queue.liveAttempts()),
		}),
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
		summary:
			'Correct what somebody owes by a record of its own, with an Idempotency-Key only once; what was metered stays',
		tag: 'usage',
		body: usageCorrectionSchema,
		answers: { 201: usageCorrectedSchema },
		async handler(context) {
			const { actor, body, reply } = context;
			const repeat = idempotencyOf('correction', idempotencyKeyOf(context), body);
			const key = repeat && { bySeq: actor.userSeq, ...repeat };
			const corrected = await accounting.correct(body, doerOf(actor), key);
			reply.code(201);
			return corrected;
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
