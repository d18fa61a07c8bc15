import { z } from 'zod';
import { pageOf } from '../../../../shared/protocol/json.ts';
import { manifestSchema, taskTypeNameSchema } from '../../../../shared/protocol/task-type.ts';
import { doerOf } from '../../../accounts/actor.ts';
import type { TaskTypes } from '../../../queue/task-types.ts';
import { type AnyRoute, defineRoute } from '../route.ts';

const manifestView = z.object(manifestSchema.shape);
const nameParams = z.strictObject({ name: taskTypeNameSchema });
const versionSchema = z.coerce.number().int().min(1).max(Number.MAX_SAFE_INTEGER);

const ADMIN = '/api/v1/admin/task-types';
/** A manifest is words and a few numbers; a larger one is a mistake. */
const MANIFEST_BYTES = 64 * 1024;

export const taskTypeRoutes = ({ types }: { types: TaskTypes }): AnyRoute[] => [
	defineRoute({
		method: 'GET',
		path: '/api/v1/task-types',
		access: { verb: 'read', kind: 'task-type' },
		summary: 'List what can be run here',
		tag: 'task types',
		answers: { 200: pageOf(manifestView) },
		handler: async () => ({ items: types.list(), nextCursor: null }),
	}),
	defineRoute({
		method: 'GET',
		path: '/api/v1/task-types/:name',
		access: { verb: 'read', kind: 'task-type' },
		summary: 'One task type’s manifest: the newest that can be run, or any version that ever was',
		tag: 'task types',
		params: nameParams,
		query: z.strictObject({ version: versionSchema.optional() }),
		answers: { 200: manifestView },
		handler: async ({ params, query }) => types.read(params.name, query.version),
	}),
	defineRoute({
		method: 'POST',
		path: ADMIN,
		access: { verb: 'write', kind: 'task-type' },
		summary: 'Install a task type that runs a program: nodes that advertise its name take its tasks',
		tag: 'task types',
		body: manifestSchema,
		bodyFault: 'manifest-invalid',
		bodyLimit: MANIFEST_BYTES,
		answers: { 201: z.object({ name: z.string(), version: z.number() }) },
		async handler({ actor, body, reply }) {
			reply.code(201);
			return types.install(body, doerOf(actor));
		},
	}),
	defineRoute({
		method: 'POST',
		path: `${ADMIN}::check`,
		access: { verb: 'write', kind: 'task-type' },
		summary: 'Say whether a manifest could be installed; nothing is changed',
		tag: 'task types',
		body: manifestSchema,
		bodyFault: 'manifest-invalid',
		bodyLimit: MANIFEST_BYTES,
		answers: { 200: manifestView.describe('The manifest with its defaults, as it would be stored') },
		async handler({ body }) {
			types.check(body);
			return body;
		},
	}),
	defineRoute({
		method: 'DELETE',
		path: `${ADMIN}/:name`,
		access: { verb: 'delete', kind: 'task-type' },
		summary: 'Take an installed task type away: its open tasks run on, new ones are refused',
		tag: 'task types',
		params: nameParams,
		query: z.strictObject({ force: z.stringbool().default(false).describe('Also while recipes or schedules use it') }),
		answers: { 204: null },
		async handler({ actor, params, query, reply }) {
			await types.retire(params.name, query.force, doerOf(actor));
			reply.code(204);
		},
	}),
];
