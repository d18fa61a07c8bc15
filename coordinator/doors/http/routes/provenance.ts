import { z } from 'zod';
import { idSchema } from '../../../../shared/protocol/ids.ts';
import { againSchema, provenanceViewSchema } from '../../../../shared/protocol/provenance.ts';
import { filedNowSchema, filingNowSchema } from '../../../../shared/protocol/result.ts';
import { doerOf } from '../../../accounts/actor.ts';
import { may, requirePermission } from '../../../accounts/permissions.ts';
import type { Again } from '../../../results/again.ts';
import type { FileNow } from '../../../results/file-now.ts';
import type { Provenance } from '../../../results/provenance.ts';
import { idempotencyKeyOf } from '../idempotency-key.ts';
import { type AnyRoute, defineRoute } from '../route.ts';

interface ResultRooms {
	provenance: Provenance;
	again: Again;
	fileNow: FileNow;
}

export const provenanceRoutes = ({ provenance, again, fileNow }: ResultRooms): AnyRoute[] => [
	defineRoute({
		method: 'GET',
		path: '/api/v1/files/:id/provenance',
		access: { verb: 'read', kind: 'file' },
		summary: 'How a version of a file was made, and what was made of it; the newest unless told',
		tag: 'files',
		params: z.strictObject({ id: idSchema('file') }),
		query: z.strictObject({ version: z.coerce.number().int().min(1).optional() }),
		answers: { 200: provenanceViewSchema },
		async handler({ actor, params, query }) {
			const { ownerSeq, view } = await provenance.of(params.id, query.version ?? null);
			requirePermission(actor, 'read', { kind: 'file', ownerSeq });
			return view;
		},
	}),
	defineRoute({
		method: 'POST',
		path: '/api/v1/tasks/:id::again',
		access: { verb: 'write', kind: 'task' },
		summary: 'Do again what a task did, as it was or with other parameters',
		tag: 'tasks',
		params: z.strictObject({ id: idSchema('task') }),
		body: againSchema,
		answers: { 202: z.object({ id: idSchema('task') }) },
		async handler(context) {
			const { actor, params, body } = context;
			const asked = await again.find(params.id);
			requirePermission(actor, 'write', { kind: 'task', ownerSeq: asked.ownerSeq });
			// Whoever may steer other people's work may also name any service class for their own.
			const mayNameAny = may(actor, 'steer', { kind: 'task', ownerSeq: null });
			const made = await again.run(asked, body, idempotencyKeyOf(context), mayNameAny);
			context.reply.code(202);
			return made;
		},
	}),
	defineRoute({
		method: 'POST',
		path: '/api/v1/tasks/:id::file',
		access: { verb: 'write', kind: 'file' },
		summary: 'Make files of what stays with a task; what is a file already stays as it is, so it may be asked again',
		tag: 'tasks',
		params: z.strictObject({ id: idSchema('task') }),
		body: filingNowSchema,
		answers: { 200: filedNowSchema },
		async handler({ actor, params, body }) {
			const task = await fileNow.find(params.id);
			// What came out of a person's data is the person's alone, and so is where it goes.
			requirePermission(actor, 'write', { kind: 'file', ownerSeq: task.ownerSeq });
			return { filings: await fileNow.file(task, body, doerOf(actor)) };
		},
	}),
];
