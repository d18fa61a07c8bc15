import { z } from 'zod';
import { idSchema } from '../../../../shared/protocol/ids.ts';
import { dryRunSchema, jobListQuerySchema, jobSchema, jobWishSchema } from '../../../../shared/protocol/job.ts';
import { pageOf } from '../../../../shared/protocol/json.ts';
import { type Actor, doerOf } from '../../../accounts/actor.ts';
import { requirePermission, type Verb } from '../../../accounts/permissions.ts';
import type { JobWord } from '../../../jobs/job-store.ts';
import type { Jobs } from '../../../jobs/jobs.ts';
import { filingNeeds } from '../filing-needs.ts';
import { idempotencyKeyOf } from '../idempotency-key.ts';
import { type AnyRoute, defineRoute } from '../route.ts';

const PATH = '/api/v1/jobs';
const params = z.strictObject({ id: idSchema('job') });
const idAnswer = z.object({ id: idSchema('job') });

const onDemand = (actor: Actor) =>
	({ ownerSeq: actor.userSeq, cause: 'demand', scheduleSeq: null, triggerSeq: null }) as const;

export const jobRoutes = ({ jobs }: { jobs: Jobs }): AnyRoute[] => {
	/** The job, after asking whether the actor may; what one may not see does not exist. */
	const allowed = async (actor: Actor, verb: Verb, id: string) => {
		const { ownerSeq, job } = await jobs.read(id);
		requirePermission(actor, verb, { kind: 'recipe', ownerSeq });
		return job;
	};
	const say = (word: JobWord, summary: string): AnyRoute =>
		defineRoute({
			method: 'POST',
			path: `${PATH}/:id::${word}`,
			access: { verb: 'steer', kind: 'recipe' },
			summary,
			tag: 'jobs',
			params,
			answers: { 200: jobSchema },
			async handler({ actor, params: { id } }) {
				await allowed(actor, 'steer', id);
				await jobs.say(id, word, doerOf(actor));
				return (await jobs.read(id)).job;
			},
		});

	return [
		defineRoute({
			method: 'POST',
			path: PATH,
			access: { verb: 'write', kind: 'recipe' },
			summary: 'Run a recipe, or steps, over files or a folder',
			tag: 'jobs',
			body: jobWishSchema,
			alsoNeeds: filingNeeds,
			answers: { 202: idAnswer },
			async handler(context) {
				const { actor, body } = context;
				const started = await jobs.start(onDemand(actor), body, idempotencyKeyOf(context), doerOf(actor));
				context.reply.code(202);
				return started;
			},
		}),
		defineRoute({
			method: 'POST',
			path: `${PATH}::dry-run`,
			access: { verb: 'write', kind: 'recipe' },
			summary: 'What a job would come to: counts, costs and what it would leave out; nothing is made',
			tag: 'jobs',
			body: jobWishSchema,
			mostAtOnce: 2,
			answers: { 200: dryRunSchema },
			handler: async ({ actor, body }) => jobs.dryRun(onDemand(actor), body),
		}),
		defineRoute({
			method: 'GET',
			path: PATH,
			access: { verb: 'read', kind: 'recipe' },
			summary: 'List one’s own jobs, the newest first',
			tag: 'jobs',
			query: jobListQuerySchema,
			answers: { 200: pageOf(jobSchema) },
			handler: async ({ actor, query }) => jobs.list(actor.userSeq, query),
		}),
		defineRoute({
			method: 'GET',
			path: `${PATH}/:id`,
			access: { verb: 'read', kind: 'recipe' },
			summary: 'One job: how far it is, and what it left out',
			tag: 'jobs',
			params,
			answers: { 200: jobSchema },
			handler: async ({ actor, params: { id } }) => allowed(actor, 'read', id),
		}),
		say('pause', 'Make no more tasks of a job, and hold those that do not run'),
		say('resume', 'Go on with a job that was paused'),
		say('cancel', 'Cancel a job and its tasks for good'),
	];
};
