import type { Registry } from 'prom-client';
import { type AnyRoute, defineRoute } from '../route.ts';

export const metricsRoutes = ({ registry }: { registry: Registry }): AnyRoute[] => [
	defineRoute({
		method: 'GET',
		path: '/metrics',
		// Counts of everybody's work: for operators, by a token that may do nothing else.
		access: { verb: 'read', kind: 'metrics' },
		summary: 'Metrics in Prometheus’s text format',
		tag: 'health',
		answers: { 200: null },
		handler: async ({ reply }) => reply.type(registry.contentType).send(await registry.metrics()),
	}),
];
