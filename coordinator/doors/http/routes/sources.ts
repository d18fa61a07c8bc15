import { z } from 'zod';
import { idSchema } from '../../../../shared/protocol/ids.ts';
import { pageOf, pageQuerySchema } from '../../../../shared/protocol/json.ts';
import {
	newSourceSchema,
	pauseSourceSchema,
	resetSourceSchema,
	type SourceView,
	sourceChangeSchema,
	sourceItemSchema,
	sourceItemsQuerySchema,
	sourceListQuerySchema,
	sourceRunSchema,
	sourceStartSchema,
	sourceUseSchema,
	sourceViewSchema,
} from '../../../../shared/protocol/source.ts';
import { type Actor, doerOf } from '../../../accounts/actor.ts';
import type { Verb } from '../../../accounts/permissions.ts';
import { requireForAll, requirePermission } from '../../../accounts/permissions.ts';
import { idempotencyOf } from '../../../queue/idempotency.ts';
import type { Sources } from '../../../sources/sources.ts';
import { etagOf, readCondition } from '../../content/content-headers.ts';
import { idempotencyKeyOf } from '../idempotency-key.ts';
import { type AnyRoute, defineRoute, type RouteContext } from '../route.ts';

const PATH = '/api/v1/sources';
const params = z.strictObject({ id: idSchema('source') });
const tag = 'sources';

const shown = ({ reply }: Pick<RouteContext<undefined, undefined, undefined>, 'reply'>, view: SourceView) => {
	reply.header('etag', etagOf(String(view.version)));
	return view;
};

export const sourceRoutes = ({ sources }: { sources: Sources }): AnyRoute[] => {
	/** What one may not see does not exist. */
	const allow = async (actor: Actor, verb: Verb, id: string): Promise<void> =>
		requirePermission(actor, verb, { kind: 'recipe', ownerSeq: await sources.ownerOf(id) });

	return [
		defineRoute({
			method: 'GET',
			path: PATH,
			access: { verb: 'read', kind: 'recipe' },
			summary: 'List sources, oldest first',
			tag,
			query: sourceListQuerySchema,
			answers: { 200: pageOf(sourceViewSchema) },
			async handler({ actor, query: { owner, ...page } }) {
				if (owner === undefined || owner === actor.userId) return sources.list(actor.userSeq, page);
				requireForAll(actor, 'read', 'recipe');
				return sources.list(owner === 'all' ? null : owner, page);
			},
		}),
		defineRoute({
			method: 'POST',
			path: PATH,
			access: { verb: 'write', kind: 'recipe' },
			summary: 'Make a source with its dataset and, unless it is to run only when asked to, its schedule',
			tag,
			body: newSourceSchema,
			// What it gathers becomes a dataset.
			alsoNeeds: () => ({ verb: 'write', kind: 'dataset' }),
			answers: { 201: sourceViewSchema },
			async handler(context) {
				const { actor, body, reply } = context;
				const idempotency = idempotencyOf('source', idempotencyKeyOf(context), body);
				const view = await sources.create(actor.userSeq, body, idempotency, doerOf(actor));
				reply.code(201);
				return shown(context, view);
			},
		}),
		defineRoute({
			method: 'GET',
			path: `${PATH}/:id`,
			access: { verb: 'read', kind: 'recipe' },
			summary: 'One source with its last run and its use of this month; its entity tag is its version',
			tag,
			params,
			answers: { 200: sourceViewSchema },
			async handler(context) {
				await allow(context.actor, 'read', context.params.id);
				return shown(context, await sources.read(context.params.id));
			},
		}),
		defineRoute({
			method: 'PUT',
			path: `${PATH}/:id`,
			access: { verb: 'write', kind: 'recipe' },
			summary: 'Change a source; what is left out is the default. What runs goes on as it began',
			tag,
			params,
			body: sourceChangeSchema,
			answers: { 200: sourceViewSchema },
			async handler(context) {
				const { actor, params: at, body, request } = context;
				await allow(actor, 'write', at.id);
				return shown(context, await sources.change(at.id, body, readCondition(request.headers), doerOf(actor)));
			},
		}),
		defineRoute({
			method: 'DELETE',
			path: `${PATH}/:id`,
			access: { verb: 'delete', kind: 'recipe' },
			summary: 'Delete a source with its schedules; its dataset stays, and what runs goes on',
			tag,
			params,
			answers: { 204: null },
			async handler({ actor, params: at, request, reply }) {
				await allow(actor, 'delete', at.id);
				await sources.remove(at.id, readCondition(request.headers), doerOf(actor));
				reply.code(204);
			},
		}),
		defineRoute({
			method: 'POST',
			path: `${PATH}/:id::run`,
			access: { verb: 'write', kind: 'recipe' },
			summary: 'Run a source at once; when it is running already, that run is answered',
			tag,
			params,
			answers: { 202: sourceStartSchema },
			async handler({ actor, params: at, reply }) {
				await allow(actor, 'write', at.id);
				const start = await sources.run(at.id, doerOf(actor));
				reply.code(202);
				return start;
			},
		}),
		defineRoute({
			method: 'POST',
			path: `${PATH}/:id::pause`,
			access: { verb: 'steer', kind: 'recipe' },
			summary: 'Stop a source and pause its schedules; what runs goes on',
			tag,
			params,
			body: pauseSourceSchema.default({}),
			answers: { 200: sourceViewSchema },
			async handler(context) {
				const { actor, params: at, body } = context;
				await allow(actor, 'steer', at.id);
				return shown(context, await sources.pause(at.id, body.reason, doerOf(actor)));
			},
		}),
		defineRoute({
			method: 'POST',
			path: `${PATH}/:id::resume`,
			access: { verb: 'steer', kind: 'recipe' },
			summary: 'Let a source go on from where it was left, and its schedules from their next time',
			tag,
			params,
			answers: { 200: sourceViewSchema },
			async handler(context) {
				await allow(context.actor, 'steer', context.params.id);
				return shown(context, await sources.resume(context.params.id, doerOf(context.actor)));
			},
		}),
		defineRoute({
			method: 'POST',
			path: `${PATH}/:id::reset`,
			access: { verb: 'write', kind: 'recipe' },
			summary: 'Forget where a source was left: its next run begins anew, and may bring again what is there',
			tag,
			params,
			body: resetSourceSchema,
			answers: { 200: sourceViewSchema },
			async handler(context) {
				const { actor, params: at, body } = context;
				await allow(actor, 'write', at.id);
				return shown(context, await sources.reset(at.id, body.confirm, doerOf(actor)));
			},
		}),
		defineRoute({
			method: 'GET',
			path: `${PATH}/:id/items`,
			// It is content, as files are.
			access: { verb: 'read', kind: 'file' },
			summary: 'What a source has brought, newest first, as text; a page may be shorter than asked for',
			tag,
			params,
			query: sourceItemsQuerySchema,
			answers: { 200: pageOf(sourceItemSchema) },
			async handler({ actor, params: at, query }) {
				requirePermission(actor, 'read', { kind: 'file', ownerSeq: await sources.ownerOf(at.id) });
				return sources.items(at.id, query);
			},
		}),
		defineRoute({
			method: 'GET',
			path: `${PATH}/:id/runs`,
			access: { verb: 'read', kind: 'recipe' },
			summary: 'What became of its runs, newest first; the newest 1,000 are kept',
			tag,
			params,
			query: pageQuerySchema,
			answers: { 200: pageOf(sourceRunSchema) },
			async handler({ actor, params: at, query }) {
				await allow(actor, 'read', at.id);
				return sources.runs(at.id, query);
			},
		}),
		defineRoute({
			method: 'GET',
			path: `${PATH}/:id/use`,
			access: { verb: 'read', kind: 'recipe' },
			summary: 'What it has taken in the last twelve months, newest first',
			tag,
			params,
			answers: { 200: z.object({ items: z.array(sourceUseSchema) }) },
			async handler({ actor, params: at }) {
				await allow(actor, 'read', at.id);
				return { items: await sources.use(at.id) };
			},
		}),
	];
};
