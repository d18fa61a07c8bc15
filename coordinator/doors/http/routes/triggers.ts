import { z } from 'zod';
import { idSchema } from '../../../../shared/protocol/ids.ts';
import { applySchema, dryRunSchema } from '../../../../shared/protocol/job.ts';
import { pageOf, pageQuerySchema } from '../../../../shared/protocol/json.ts';
import {
	accessAnswerSchema,
	firingQuerySchema,
	firingSchema,
	type TriggerView,
	triggerDraftSchema,
	triggerSchema,
} from '../../../../shared/protocol/trigger.ts';
import { type Actor, doerOf } from '../../../accounts/actor.ts';
import { requirePermission, type Verb } from '../../../accounts/permissions.ts';
import type { Jobs } from '../../../jobs/jobs.ts';
import type { Accesses } from '../../../recipes/accesses.ts';
import type { Triggers } from '../../../recipes/triggers.ts';
import { etagOf, readCondition } from '../../content/content-headers.ts';
import { idempotencyKeyOf } from '../idempotency-key.ts';
import { type AnyRoute, defineRoute, type RouteContext } from '../route.ts';

const PATH = '/api/v1/triggers';
const idAnswer = z.object({ id: idSchema('job') });
const params = z.strictObject({ id: idSchema('trigger') });
const listQuery = pageQuerySchema.extend({ recipe: idSchema('recipe').optional() });

type Replied = Pick<RouteContext<undefined, undefined, undefined>, 'reply'>;

export const triggerRoutes = (rooms: { triggers: Triggers; accesses: Accesses; jobs: Jobs }): AnyRoute[] => {
	const { triggers, accesses, jobs } = rooms;
	const shown = ({ reply }: Replied, view: TriggerView): TriggerView => {
		reply.header('etag', etagOf(String(view.version)));
		return view;
	};
	/** The trigger, after asking whether the actor may; what one may not see does not exist. */
	const allowed = async (actor: Actor, verb: Verb, id: string) => {
		const found = await triggers.read(id);
		requirePermission(actor, verb, { kind: 'recipe', ownerSeq: found.ownerSeq });
		return found;
	};

	return [
		defineRoute({
			method: 'GET',
			path: PATH,
			access: { verb: 'read', kind: 'recipe' },
			summary: 'List one’s own triggers in the order in which they are asked, or those of one recipe',
			tag: 'recipes',
			query: listQuery,
			answers: { 200: pageOf(triggerSchema) },
			handler: async ({ actor, query }) => triggers.list(actor.userSeq, query),
		}),
		defineRoute({
			method: 'POST',
			path: PATH,
			access: { verb: 'write', kind: 'recipe' },
			summary: 'Start a recipe by uploads to a folder, by updates, or when somebody looks at a file',
			tag: 'recipes',
			body: triggerDraftSchema,
			answers: { 201: triggerSchema },
			async handler(context) {
				const { actor, body } = context;
				const made = await triggers.create(actor.userSeq, body, doerOf(actor), idempotencyKeyOf(context));
				context.reply.code(201);
				return shown(context, made);
			},
		}),
		defineRoute({
			method: 'GET',
			path: `${PATH}/:id`,
			access: { verb: 'read', kind: 'recipe' },
			summary: 'One trigger; its entity tag is its version',
			tag: 'recipes',
			params,
			answers: { 200: triggerSchema },
			handler: async (context) => shown(context, (await allowed(context.actor, 'read', context.params.id)).trigger),
		}),
		defineRoute({
			method: 'PUT',
			path: `${PATH}/:id`,
			access: { verb: 'write', kind: 'recipe' },
			summary: 'Replace a trigger; what is left out gets its default',
			tag: 'recipes',
			params,
			body: triggerDraftSchema,
			answers: { 200: triggerSchema },
			async handler(context) {
				const { actor, body, request, params: at } = context;
				await allowed(actor, 'write', at.id);
				return shown(context, await triggers.change(at.id, body, readCondition(request.headers), doerOf(actor)));
			},
		}),
		defineRoute({
			method: 'DELETE',
			path: `${PATH}/:id`,
			access: { verb: 'delete', kind: 'recipe' },
			summary: 'Delete a trigger; what it has started goes on',
			tag: 'recipes',
			params,
			answers: { 204: null },
			async handler({ actor, params: { id }, request, reply }) {
				await allowed(actor, 'delete', id);
				await triggers.remove(id, doerOf(actor), readCondition(request.headers));
				return reply.code(204).send();
			},
		}),
		defineRoute({
			method: 'GET',
			path: `${PATH}/:id/firings`,
			access: { verb: 'read', kind: 'recipe' },
			summary: 'What a trigger has started, waits for, or left out, the newest first',
			tag: 'recipes',
			params,
			query: firingQuerySchema,
			answers: { 200: pageOf(firingSchema) },
			async handler({ actor, params: { id }, query }) {
				const { seq } = await allowed(actor, 'read', id);
				return triggers.firings(seq, query);
			},
		}),
		defineRoute({
			method: 'POST',
			path: `${PATH}/:id::apply`,
			access: { verb: 'write', kind: 'recipe' },
			summary: 'Let a trigger fire for what is there already, when nodes have nothing else to do; or only count',
			tag: 'recipes',
			params,
			body: applySchema,
			mostAtOnce: 2,
			answers: { 200: dryRunSchema, 202: idAnswer },
			async handler(context) {
				const { actor, params: at, body, reply } = context;
				const { dryRun, again } = body;
				const found = await allowed(actor, 'write', at.id);
				if (dryRun) return jobs.dryApply(found, again);
				reply.code(202);
				return jobs.apply(found, again, doerOf(actor), idempotencyKeyOf(context));
			},
		}),
		defineRoute({
			method: 'POST',
			path: '/api/v1/files/:id::access',
			access: { verb: 'write', kind: 'file' },
			summary: 'Say that one looks at a file: starts what one’s triggers do then, once for each version',
			tag: 'files',
			params: z.strictObject({ id: idSchema('file') }),
			answers: { 200: accessAnswerSchema },
			async handler({ actor, params: { id } }) {
				const file = await accesses.find(id);
				requirePermission(actor, 'write', { kind: 'file', ownerSeq: file.ownerSeq });
				const tasks = await accesses.note(file);
				return { made: tasks.length > 0, tasks };
			},
		}),
	];
};
