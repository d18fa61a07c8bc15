import { z } from 'zod';
import { pageOf } from '../../../../shared/protocol/json.ts';
import { queueNameSchema } from '../../../../shared/protocol/node.ts';
import { bindingKeySchema } from '../../../../shared/protocol/task.ts';
import type { Actor } from '../../../accounts/actor.ts';
import type { AuditEntry } from '../../../audit/audit-store.ts';
import type { Queues } from '../../../queue/queues.ts';
import { type AnyRoute, defineRoute } from '../route.ts';

const queueSchema = z.object({
	name: z.string(),
	bindingKeys: z.array(z.string()),
	paused: z.boolean(),
	/** Tasks in line. */
	queued: z.number(),
});
const bindingKeys = z.array(bindingKeySchema).min(1).max(100);
const nameParams = z.strictObject({ name: queueNameSchema });

const auditOf = (actor: Actor, action: string, name: string, detail: AuditEntry['detail'] = {}): AuditEntry => ({
	at: Date.now(),
	actor: actor.userId,
	action,
	object: name,
	outcome: 'done',
	address: actor.address,
	detail,
});

export const queueRoutes = ({ queues }: { queues: Queues }): AnyRoute[] => [
	defineRoute({
		method: 'GET',
		path: '/api/v1/admin/queues',
		access: { verb: 'read', kind: 'queue' },
		summary: 'List queues with their binding keys and depths',
		tag: 'queues',
		answers: { 200: pageOf(queueSchema) },
		handler: async () => ({ items: queues.list(), nextCursor: null }),
	}),
	defineRoute({
		method: 'POST',
		path: '/api/v1/admin/queues',
		access: { verb: 'write', kind: 'queue' },
		summary: 'Make a queue',
		tag: 'queues',
		body: z.strictObject({ name: queueNameSchema, bindingKeys }),
		answers: { 201: queueSchema },
		async handler({ actor, body, reply }) {
			reply.code(201);
			return queues.create(body, auditOf(actor, 'queue.create', body.name, { bindingKeys: body.bindingKeys }));
		},
	}),
	defineRoute({
		method: 'PATCH',
		path: '/api/v1/admin/queues/:name',
		access: { verb: 'write', kind: 'queue' },
		summary: 'Change a queue’s binding keys; what stands in line is routed anew',
		tag: 'queues',
		params: nameParams,
		body: z.strictObject({ bindingKeys }),
		answers: { 200: queueSchema },
		handler: async ({ actor, params, body }) =>
			queues.rebind(
				{ name: params.name, bindingKeys: body.bindingKeys },
				auditOf(actor, 'queue.rebind', params.name, { bindingKeys: body.bindingKeys }),
			),
	}),
	defineRoute({
		method: 'POST',
		path: '/api/v1/admin/queues/:name::pause',
		access: { verb: 'steer', kind: 'queue' },
		summary: 'Pause a queue: its tasks stay in line, those that run go on',
		tag: 'queues',
		params: nameParams,
		answers: { 200: queueSchema },
		async handler({ actor, params }) {
			await queues.pause(params.name, auditOf(actor, 'queue.pause', params.name));
			return queues.get(params.name);
		},
	}),
	defineRoute({
		method: 'POST',
		path: '/api/v1/admin/queues/:name::resume',
		access: { verb: 'steer', kind: 'queue' },
		summary: 'Let a paused queue go on',
		tag: 'queues',
		params: nameParams,
		answers: { 200: queueSchema },
		async handler({ actor, params }) {
			await queues.resume(params.name, auditOf(actor, 'queue.resume', params.name));
			return queues.get(params.name);
		},
	}),
];
