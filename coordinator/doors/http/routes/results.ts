import { z } from 'zod';
import { idSchema } from '../../../../shared/protocol/ids.ts';
import { pageOf, pageQuerySchema } from '../../../../shared/protocol/json.ts';
import { jobOutputSchema, resultListQuerySchema, resultSchema } from '../../../../shared/protocol/result.ts';
import type { Results } from '../../../results/results.ts';
import { type AnyRoute, defineRoute } from '../route.ts';

/** One's own only, as the data that they come from: whose they are goes with every question. */
export const resultRoutes = ({ results }: { results: Results }): AnyRoute[] => [
	defineRoute({
		method: 'GET',
		path: '/api/v1/results',
		access: { verb: 'read', kind: 'file' },
		summary: 'Files that one’s tasks made, newest first',
		tag: 'results',
		query: resultListQuerySchema,
		answers: { 200: pageOf(resultSchema) },
		handler: async ({ actor, query }) => results.list(actor.userSeq, query),
	}),
	defineRoute({
		method: 'GET',
		path: '/api/v1/jobs/:id/results',
		access: { verb: 'read', kind: 'file' },
		summary: 'What came out of a job’s tasks, and the files that were made of it',
		tag: 'results',
		params: z.strictObject({ id: idSchema('job') }),
		query: pageQuerySchema.extend({ cursor: z.string().max(2_048).optional() }),
		answers: { 200: pageOf(jobOutputSchema) },
		handler: async ({ actor, params, query }) => results.ofJob(actor.userSeq, params.id, query),
	}),
];
