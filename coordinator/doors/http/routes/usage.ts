import { z } from 'zod';
import { instantSchema } from '../../../../shared/protocol/task.ts';
import type { Accounting } from '../../../accounting/accounting.ts';
import { type AnyRoute, defineRoute } from '../route.ts';

const sumSchema = z.object({
	tasks: z.number(),
	cpuMs: z.number(),
	wallMs: z.number(),
	bytesIn: z.number(),
	bytesOut: z.number(),
});
const MONTH_MS = 31 * 86_400_000;

export const usageRoutes = ({ accounting }: { accounting: Accounting }): AnyRoute[] => [
	defineRoute({
		method: 'GET',
		path: '/api/v1/usage',
		access: { verb: 'read', kind: 'usage' },
		summary: 'What one has used, by day (UTC) and kind of work; the last 31 days unless told, 366 at most',
		tag: 'usage',
		query: z.strictObject({ from: instantSchema.optional(), to: instantSchema.optional() }),
		answers: {
			200: z.object({ total: sumSchema, items: z.array(sumSchema.extend({ day: z.string(), what: z.string() })) }),
		},
		async handler({ actor, query }) {
			const to = query.to === undefined ? Date.now() + 1 : Date.parse(query.to);
			const from = query.from === undefined ? to - MONTH_MS : Date.parse(query.from);
			const { total, items } = await accounting.read(actor.userSeq, from, to);
			return {
				total,
				items: items.map((item) => ({ ...item, day: new Date(item.day).toISOString().slice(0, 10) })),
			};
		},
	}),
];
