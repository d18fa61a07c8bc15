import { z } from 'zod';
import { idSchema } from '../../../../shared/protocol/ids.ts';
import { pageOf, pageQuerySchema } from '../../../../shared/protocol/json.ts';
import {
	newScheduleSchema,
	pauseScheduleSchema,
	type ScheduleView,
	scheduleDraftSchema,
	scheduleListQuerySchema,
	schedulePreviewQuerySchema,
	schedulePreviewSchema,
	scheduleRunSchema,
	scheduleSummarySchema,
	scheduleViewSchema,
} from '../../../../shared/protocol/schedule.ts';
import { type Actor, doerOf } from '../../../accounts/actor.ts';
import type { Verb } from '../../../accounts/permissions.ts';
import { requireForAll, requirePermission } from '../../../accounts/permissions.ts';
import { idempotencyOf } from '../../../queue/idempotency.ts';
import type { Schedules } from '../../../schedules/schedules.ts';
import { etagOf, readCondition } from '../../content/content-headers.ts';
import { filingNeeds } from '../filing-needs.ts';
import { idempotencyKeyOf } from '../idempotency-key.ts';
import { type AnyRoute, defineRoute, type RouteContext } from '../route.ts';

const PATH = '/api/v1/schedules';
const params = z.strictObject({ id: idSchema('schedule') });
const tag = 'schedules';

const shown = ({ reply }: Pick<RouteContext<undefined, undefined, undefined>, 'reply'>, view: ScheduleView) => {
	reply.header('etag', etagOf(String(view.version)));
	return view;
};
const ownerOf = ({ userSeq, role }: Actor) => ({ seq: userSeq, role });

export const scheduleRoutes = ({ schedules }: { schedules: Schedules }): AnyRoute[] => {
	/** What one may not see does not exist. */
	const allow = async (actor: Actor, verb: Verb, id: string): Promise<void> =>
		requirePermission(actor, verb, { kind: 'recipe', ownerSeq: await schedules.ownerOf(id) });

	return [
		defineRoute({
			method: 'GET',
			path: PATH,
			access: { verb: 'read', kind: 'recipe' },
			summary: 'List schedules, oldest first',
			tag,
			query: scheduleListQuerySchema,
			answers: { 200: pageOf(scheduleSummarySchema) },
			async handler({ actor, query: { owner, ...page } }) {
				if (owner === undefined || owner === actor.userId) return schedules.list(actor.userSeq, page);
				requireForAll(actor, 'read', 'recipe');
				return schedules.list(owner === 'all' ? null : owner, page);
			},
		}),
		defineRoute({
			method: 'POST',
			path: PATH,
			access: { verb: 'write', kind: 'recipe' },
			summary: 'Make a schedule: a task at times of a zone (cron), or at intervals (every)',
			tag,
			body: newScheduleSchema,
			alsoNeeds: filingNeeds,
			answers: { 201: scheduleViewSchema },
			async handler(context) {
				const { actor, body, reply } = context;
				const idempotency = idempotencyOf('schedule', idempotencyKeyOf(context), body);
				const view = await schedules.create(ownerOf(actor), body, idempotency, doerOf(actor));
				reply.code(201);
				return shown(context, view);
			},
		}),
		defineRoute({
			method: 'POST',
			path: `${PATH}::preview`,
			access: { verb: 'read', kind: 'recipe' },
			summary: 'When a schedule with these times would run, and in words',
			tag,
			body: schedulePreviewQuerySchema,
			answers: { 200: schedulePreviewSchema },
			handler: async ({ body }) => schedules.preview(body),
		}),
		defineRoute({
			method: 'GET',
			path: `${PATH}/:id`,
			access: { verb: 'read', kind: 'recipe' },
			summary: 'One schedule with its next runs; its entity tag is its version',
			tag,
			params,
			answers: { 200: scheduleViewSchema },
			async handler(context) {
				await allow(context.actor, 'read', context.params.id);
				return shown(context, await schedules.read(context.params.id));
			},
		}),
		defineRoute({
			method: 'PUT',
			path: `${PATH}/:id`,
			access: { verb: 'write', kind: 'recipe' },
			summary: 'Change a schedule; what is left out is the default. Other times count from now on',
			tag,
			params,
			body: scheduleDraftSchema,
			alsoNeeds: filingNeeds,
			answers: { 200: scheduleViewSchema },
			async handler(context) {
				const { actor, params: at, body, request } = context;
				await allow(actor, 'write', at.id);
				const condition = readCondition(request.headers);
				return shown(context, await schedules.change(ownerOf(actor), at.id, body, condition, doerOf(actor)));
			},
		}),
		defineRoute({
			method: 'DELETE',
			path: `${PATH}/:id`,
			access: { verb: 'delete', kind: 'recipe' },
			summary: 'Delete a schedule with its list of runs; what runs goes on',
			tag,
			params,
			answers: { 204: null },
			async handler({ actor, params: at, request, reply }) {
				await allow(actor, 'delete', at.id);
				await schedules.remove(at.id, readCondition(request.headers), doerOf(actor));
				reply.code(204);
			},
		}),
		defineRoute({
			method: 'POST',
			path: `${PATH}/:id::pause`,
			access: { verb: 'steer', kind: 'recipe' },
			summary: 'Pause a schedule; what runs goes on',
			tag,
			params,
			body: pauseScheduleSchema.default({}),
			answers: { 200: scheduleViewSchema },
			async handler(context) {
				const { actor, params: at, body } = context;
				await allow(actor, 'steer', at.id);
				return shown(context, await schedules.pause(at.id, body.reason, doerOf(actor)));
			},
		}),
		defineRoute({
			method: 'POST',
			path: `${PATH}/:id::resume`,
			access: { verb: 'steer', kind: 'recipe' },
			summary: 'Resume a schedule from its next time on; what passed meanwhile does not run',
			tag,
			params,
			answers: { 200: scheduleViewSchema },
			async handler(context) {
				await allow(context.actor, 'steer', context.params.id);
				return shown(context, await schedules.resume(context.params.id, doerOf(context.actor)));
			},
		}),
		defineRoute({
			method: 'POST',
			path: `${PATH}/:id::run`,
			access: { verb: 'write', kind: 'recipe' },
			summary: 'Run a schedule at once, also a paused one; overlap counts as at any other time',
			tag,
			params,
			answers: { 202: scheduleRunSchema },
			async handler(context) {
				const { actor, params: at, reply } = context;
				await allow(actor, 'write', at.id);
				const idempotency = idempotencyOf('run', idempotencyKeyOf(context), at.id);
				const run = await schedules.runNow(at.id, doerOf(actor), idempotency);
				reply.code(202);
				return run;
			},
		}),
		defineRoute({
			method: 'GET',
			path: `${PATH}/:id/runs`,
			access: { verb: 'read', kind: 'recipe' },
			summary: 'What became of its times, newest first; the newest 1,000 are kept',
			tag,
			params,
			query: pageQuerySchema,
			answers: { 200: pageOf(scheduleRunSchema) },
			async handler({ actor, params: at, query }) {
				await allow(actor, 'read', at.id);
				return schedules.runs(at.id, query);
			},
		}),
	];
};
