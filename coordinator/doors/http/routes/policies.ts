import { z } from 'zod';
import { idSchema } from '../../../../shared/protocol/ids.ts';
import { pageOf } from '../../../../shared/protocol/json.ts';
import { classChoiceSchema, effectivePolicySchema } from '../../../../shared/protocol/policy.ts';
import { may, requirePermission } from '../../../accounts/permissions.ts';
import type { PolicyReader } from '../../../qos/policy-reader.ts';
import type { TaskReader } from '../../../queue/task-reader.ts';
import { type AnyRoute, defineRoute } from '../route.ts';

const answers = { 200: effectivePolicySchema };

export const policyRoutes = (rooms: { policyReader: PolicyReader; reader: TaskReader }): AnyRoute[] => [
	defineRoute({
		method: 'GET',
		path: '/api/v1/me/policy',
		access: { verb: 'read', kind: 'self' },
		summary: 'What counts for oneself now, value by value, and where each comes from',
		tag: 'service classes',
		answers,
		handler: async ({ actor }) => rooms.policyReader.ofPerson(actor.userSeq),
	}),
	defineRoute({
		method: 'GET',
		path: '/api/v1/me/service-classes',
		access: { verb: 'read', kind: 'self' },
		summary: 'The service classes that one may name for a task now, the own one first',
		tag: 'service classes',
		answers: { 200: pageOf(classChoiceSchema) },
		async handler({ actor }) {
			const mayNameAny = may(actor, 'steer', { kind: 'task', ownerSeq: null });
			return { items: rooms.policyReader.choicesOf(actor.userSeq, mayNameAny), nextCursor: null };
		},
	}),
	defineRoute({
		method: 'GET',
		path: '/api/v1/admin/users/:id/policy',
		access: { verb: 'read', kind: 'service-class' },
		summary: 'What counts for a person now, value by value, and where each comes from',
		tag: 'service classes',
		params: z.strictObject({ id: idSchema('user') }),
		answers,
		handler: async ({ params }) => rooms.policyReader.ofUser(params.id),
	}),
	defineRoute({
		method: 'GET',
		path: '/api/v1/tasks/:id/policy',
		access: { verb: 'read', kind: 'task' },
		summary: 'What counts for a task now, value by value, and where each comes from',
		tag: 'service classes',
		params: z.strictObject({ id: idSchema('task') }),
		answers,
		async handler({ actor, params }) {
			const { ownerSeq } = await rooms.reader.ownerOf(params.id);
			requirePermission(actor, 'read', { kind: 'task', ownerSeq });
			return rooms.policyReader.ofTask(ownerSeq, await rooms.reader.terms(params.id));
		},
	}),
];
