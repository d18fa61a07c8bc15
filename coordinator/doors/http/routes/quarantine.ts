import { steerAnswerSchema } from '../../../../shared/protocol/act.ts';
import { discardSchema, quarantineSchema, replaySchema } from '../../../../shared/protocol/quarantine.ts';
import { doerOf } from '../../../accounts/actor.ts';
import type { Quarantine } from '../../../queue/quarantine.ts';
import { type AnyRoute, defineRoute } from '../route.ts';

export const quarantineRoutes = ({ quarantine }: { quarantine: Quarantine }): AnyRoute[] => [
	defineRoute({
		method: 'GET',
		path: '/api/v1/admin/quarantine',
		access: { verb: 'read', kind: 'queue' },
		summary: 'Failed and quarantined tasks, grouped by cause, the most frequent first',
		tag: 'quarantine',
		mostAtOnce: 2,
		answers: { 200: quarantineSchema },
		handler: async () => quarantine.list(),
	}),
	defineRoute({
		method: 'POST',
		path: '/api/v1/admin/quarantine::replay',
		access: { verb: 'steer', kind: 'queue' },
		summary: 'Run again what failed for one cause: one of it, the newest so many, or all; 202 while it goes on',
		tag: 'quarantine',
		body: replaySchema,
		mostAtOnce: 2,
		answers: { 200: steerAnswerSchema, 202: steerAnswerSchema },
		async handler({ actor, body, reply }) {
			const answer = await quarantine.replay(body, doerOf(actor));
			reply.code(answer.done ? 200 : 202);
			return answer;
		},
	}),
	defineRoute({
		method: 'POST',
		path: '/api/v1/admin/quarantine::discard',
		access: { verb: 'steer', kind: 'queue' },
		summary: 'Take what failed for one cause out of the quarantine; the tasks stay with their owners',
		tag: 'quarantine',
		body: discardSchema,
		mostAtOnce: 2,
		answers: { 200: steerAnswerSchema, 202: steerAnswerSchema },
		async handler({ actor, body, reply }) {
			const answer = await quarantine.discard(body, doerOf(actor));
			reply.code(answer.done ? 200 : 202);
			return answer;
		},
	}),
];
