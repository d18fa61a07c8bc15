import { z } from 'zod';
import { idSchema } from '../../../../shared/protocol/ids.ts';
import { pageOf, pageQuerySchema } from '../../../../shared/protocol/json.ts';
import {
	deliverySchema,
	newWebhookSchema,
	webhookChangeSchema,
	webhookSchema,
	webhookWithKeySchema,
} from '../../../../shared/protocol/webhook.ts';
import { doerOf } from '../../../accounts/actor.ts';
import type { Webhooks } from '../../../notices/webhooks.ts';
import { etagOf, readCondition } from '../../content/content-headers.ts';
import { type AnyRoute, defineRoute, type RouteContext } from '../route.ts';

const PATH = '/api/v1/webhooks';
const params = z.strictObject({ id: idSchema('webhook') });
const tag = 'webhooks';
const READ = { verb: 'read', kind: 'webhook' } as const;
const WRITE = { verb: 'write', kind: 'webhook' } as const;

const shown = <T extends { version: number }>(
	{ reply }: Pick<RouteContext<undefined, undefined, undefined>, 'reply'>,
	view: T,
): T => {
	reply.header('etag', etagOf(String(view.version)));
	return view;
};

/** One's own only: whose they are goes with every question, and others’ are not there. */
export const webhookRoutes = ({ webhooks }: { webhooks: Webhooks }): AnyRoute[] => [
	defineRoute({
		method: 'GET',
		path: PATH,
		access: READ,
		summary: 'List one’s webhooks',
		tag,
		answers: { 200: pageOf(webhookSchema) },
		handler: async ({ actor }) => ({ items: await webhooks.list(actor.userSeq), nextCursor: null }),
	}),
	defineRoute({
		method: 'POST',
		path: PATH,
		access: WRITE,
		summary: 'Have what happens told to an address, signed; the key is in this answer and nowhere else',
		tag,
		body: newWebhookSchema,
		answers: { 201: webhookWithKeySchema },
		async handler(context) {
			const made = await webhooks.create(context.actor, context.body, doerOf(context.actor));
			context.reply.code(201);
			return shown(context, made);
		},
	}),
	defineRoute({
		method: 'GET',
		path: `${PATH}/:id`,
		access: READ,
		summary: 'One webhook; its entity tag is its version',
		tag,
		params,
		answers: { 200: webhookSchema },
		handler: async (context) => shown(context, await webhooks.read(context.actor.userSeq, context.params.id)),
	}),
	defineRoute({
		method: 'PATCH',
		path: `${PATH}/:id`,
		access: WRITE,
		summary: 'Change a webhook; what is left out stays',
		tag,
		params,
		body: webhookChangeSchema,
		answers: { 200: webhookSchema },
		async handler(context) {
			const { actor, params: at, body, request } = context;
			const how = { condition: readCondition(request.headers), by: doerOf(actor) };
			return shown(context, await webhooks.change(actor, at.id, body, how));
		},
	}),
	defineRoute({
		method: 'DELETE',
		path: `${PATH}/:id`,
		access: { verb: 'delete', kind: 'webhook' },
		summary: 'Delete a webhook with its key and all that waits to be delivered',
		tag,
		params,
		answers: { 204: null },
		async handler({ actor, params: at, reply }) {
			await webhooks.remove(actor, at.id, doerOf(actor));
			reply.code(204);
		},
	}),
	defineRoute({
		method: 'POST',
		path: `${PATH}/:id::test`,
		access: WRITE,
		summary: 'Deliver something that means nothing',
		tag,
		params,
		answers: { 202: z.object({ delivery: idSchema('delivery') }) },
		async handler({ actor, params: at, reply }) {
			reply.code(202);
			return { delivery: await webhooks.test(actor.userSeq, at.id) };
		},
	}),
	defineRoute({
		method: 'POST',
		path: `${PATH}/:id::resume`,
		access: WRITE,
		summary: 'Go on delivering after it was paused',
		tag,
		params,
		answers: { 200: webhookSchema },
		handler: async (context) =>
			shown(context, await webhooks.resume(context.actor, context.params.id, doerOf(context.actor))),
	}),
	defineRoute({
		method: 'POST',
		path: `${PATH}/:id::rotate-key`,
		access: WRITE,
		summary: 'Sign with another key from now on; it is in this answer and nowhere else',
		tag,
		params,
		answers: { 200: webhookWithKeySchema },
		handler: async (context) =>
			shown(context, await webhooks.rotateKey(context.actor, context.params.id, doerOf(context.actor))),
	}),
	defineRoute({
		method: 'GET',
		path: `${PATH}/:id/deliveries`,
		access: READ,
		summary: 'What was delivered, what waits and what was given up, newest first',
		tag,
		params,
		query: pageQuerySchema,
		answers: { 200: pageOf(deliverySchema) },
		handler: async ({ actor, params: at, query }) => webhooks.deliveries(actor.userSeq, at.id, query),
	}),
	defineRoute({
		method: 'POST',
		path: '/api/v1/webhook-deliveries/:id::again',
		access: WRITE,
		summary: 'Send a delivery once more',
		tag,
		params: z.strictObject({ id: idSchema('delivery') }),
		answers: { 204: null },
		async handler({ actor, params: at, reply }) {
			await webhooks.again(actor.userSeq, at.id);
			reply.code(204);
		},
	}),
];
