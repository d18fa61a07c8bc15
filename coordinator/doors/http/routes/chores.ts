import { z } from 'zod';
import { choreNameSchema, choreViewSchema } from '../../../../shared/protocol/chore.ts';
import { damagedContentSchema } from '../../../../shared/protocol/damaged-content.ts';
import { pageOf } from '../../../../shared/protocol/json.ts';
import { doerOf } from '../../../accounts/actor.ts';
import type { ChoreDesk } from '../../../upkeep/chore-desk.ts';
import type { Scrub } from '../../../upkeep/scrub.ts';
import { type AnyRoute, defineRoute } from '../route.ts';

export const choreRoutes = ({ choreDesk, scrub }: { choreDesk: ChoreDesk; scrub: Scrub }): AnyRoute[] => [
	defineRoute({
		method: 'GET',
		path: '/api/v1/admin/chores',
		access: { verb: 'read', kind: 'settings' },
		summary: 'What the coordinator does by itself again and again, how it went last, and when it comes next',
		tag: 'upkeep',
		answers: { 200: pageOf(choreViewSchema) },
		handler: async () => ({ items: choreDesk.list(), nextCursor: null }),
	}),
	defineRoute({
		method: 'POST',
		path: '/api/v1/admin/chores/:name::run',
		access: { verb: 'write', kind: 'settings' },
		summary: 'Begin a chore now, unless it is under way',
		tag: 'upkeep',
		params: z.strictObject({ name: choreNameSchema }),
		answers: { 202: choreViewSchema },
		async handler({ actor, params, reply }) {
			const begun = await choreDesk.runNow(params.name, doerOf(actor));
			reply.code(202);
			return begun;
		},
	}),
	defineRoute({
		method: 'GET',
		path: '/api/v1/admin/damaged-content',
		access: { verb: 'read', kind: 'settings' },
		summary: 'Content that was found damaged when it was read again, and whose it is',
		tag: 'upkeep',
		query: z.strictObject({ limit: z.coerce.number().int().min(1).max(1_000).default(100) }),
		answers: { 200: damagedContentSchema },
		handler: async ({ query }) => scrub.damaged(query.limit),
	}),
];
