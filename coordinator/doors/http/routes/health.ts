import { z } from 'zod';
import { healthViewSchema } from '../../../../shared/protocol/health.ts';
import type { Health } from '../../../health/health.ts';
import { type AnyRoute, defineRoute } from '../route.ts';

/** One thing that must be well before work is taken. */
interface Check {
	name: string;
	ok: boolean;
	/** What is wrong and what to do. */
	detail: string;
}

const checkSchema = z.object({ name: z.string(), ok: z.boolean(), detail: z.string() });

export const healthRoutes = (parts: {
	version: string;
	checks: () => Promise<Check[]>;
	health: Pick<Health, 'look'>;
}): AnyRoute[] => [
	defineRoute({
		method: 'GET',
		path: '/healthz',
		access: 'public',
		summary: 'The process lives',
		tag: 'health',
		answers: { 200: z.object({ status: z.literal('ok'), version: z.string() }) },
		handler: async () => ({ status: 'ok', version: parts.version }),
	}),
	defineRoute({
		method: 'GET',
		path: '/readyz',
		access: 'public',
		summary: 'Whether work is taken, check by check',
		tag: 'health',
		answers: {
			200: z.object({ ready: z.literal(true), version: z.string(), checks: z.array(checkSchema) }),
			503: z.object({ ready: z.literal(false), version: z.string(), checks: z.array(checkSchema) }),
		},
		async handler({ reply }) {
			const checks = await parts.checks();
			const ready = checks.every(({ ok }) => ok);
			reply.code(ready ? 200 : 503);
			return { ready, version: parts.version, checks };
		},
	}),
	defineRoute({
		method: 'GET',
		path: '/api/v1/admin/health',
		access: { verb: 'read', kind: 'health' },
		summary: 'Every check by name, made now: how it is, since when, and what to do',
		tag: 'health',
		mostAtOnce: 2,
		answers: { 200: healthViewSchema },
		handler: async () => parts.health.look(),
	}),
];
