import { z } from 'zod';
import { idSchema } from '../../../../shared/protocol/ids.ts';
import { pageOf } from '../../../../shared/protocol/json.ts';
import {
	newSecretSchema,
	type SecretView,
	secretChangeSchema,
	secretViewSchema,
} from '../../../../shared/protocol/secret.ts';
import { doerOf } from '../../../accounts/actor.ts';
import type { Secrets } from '../../../secrets/secrets.ts';
import { etagOf, readCondition } from '../../content/content-headers.ts';
import { type AnyRoute, defineRoute, type RouteContext } from '../route.ts';

const PATH = '/api/v1/secrets';
const params = z.strictObject({ id: idSchema('secret') });
/** A value of 8 KiB, every character of it escaped. */
const BODY_LIMIT = 64 * 1024;

/** One's own only: whose they are goes with every question, and others’ are not there. */
export const secretRoutes = ({ secrets }: { secrets: Secrets }): AnyRoute[] => {
	const shown = ({ reply }: Pick<RouteContext<undefined, undefined, undefined>, 'reply'>, view: SecretView) => {
		reply.header('etag', etagOf(String(view.version)));
		return view;
	};
	return [
		defineRoute({
			method: 'GET',
			path: PATH,
			access: { verb: 'read', kind: 'secret' },
			summary: 'List one’s secrets, which is their names: never what they are',
			tag: 'secrets',
			answers: { 200: pageOf(secretViewSchema) },
			handler: async ({ actor }) => ({ items: await secrets.list(actor), nextCursor: null }),
		}),
		defineRoute({
			method: 'POST',
			path: PATH,
			access: { verb: 'write', kind: 'secret' },
			summary: 'Entrust a secret, for tasks that name it',
			tag: 'secrets',
			body: newSecretSchema,
			bodyLimit: BODY_LIMIT,
			answers: { 201: secretViewSchema },
			async handler(context) {
				const made = await secrets.create(context.actor, context.body, doerOf(context.actor));
				context.reply.code(201);
				return shown(context, made);
			},
		}),
		defineRoute({
			method: 'PUT',
			path: `${PATH}/:id`,
			access: { verb: 'write', kind: 'secret' },
			summary: 'Replace what a secret is; tasks that wait are given the new one',
			tag: 'secrets',
			params,
			body: secretChangeSchema,
			bodyLimit: BODY_LIMIT,
			answers: { 200: secretViewSchema },
			async handler(context) {
				const { actor, params: at, body, request } = context;
				const options = { condition: readCondition(request.headers), by: doerOf(actor) };
				return shown(context, await secrets.replace(actor, at.id, body.value, options));
			},
		}),
		defineRoute({
			method: 'DELETE',
			path: `${PATH}/:id`,
			access: { verb: 'delete', kind: 'secret' },
			summary: 'Delete a secret that no open task names',
			tag: 'secrets',
			params,
			answers: { 204: null },
			async handler({ actor, params: at, request, reply }) {
				await secrets.remove(actor, at.id, { condition: readCondition(request.headers), by: doerOf(actor) });
				reply.code(204);
			},
		}),
	];
};
