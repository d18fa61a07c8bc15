import { z } from 'zod';
import { CodedError } from '../../../../shared/coded-error.ts';
import { idSchema } from '../../../../shared/protocol/ids.ts';
import type { Actor } from '../../../accounts/actor.ts';
import { requirePermission, type Verb } from '../../../accounts/permissions.ts';
import type { EntryKind } from '../../../files/entry-store.ts';
import type { ChangeRequest, Files } from '../../../files/files.ts';
import { parsePath } from '../../../files/safe-path.ts';
import { type AnyRoute, defineRoute } from '../route.ts';
import { flag } from './download.ts';

/** What files and folders have in common: moving, the trash and back, and the end. */
export const entryRoutes = (kind: EntryKind, path: string, files: Files): AnyRoute[] => {
	const params = z.strictObject({ id: idSchema(kind) });

	const allowed = async (actor: Actor, verb: Verb, id: string): Promise<ChangeRequest> => {
		const entry = await files.find(kind, id);
		if (!entry) throw new CodedError('not-found');
		requirePermission(actor, verb, { kind: 'file', ownerSeq: entry.ownerSeq });
		return { kind, id, ownerSeq: entry.ownerSeq, by: { actor: actor.userId, address: actor.address } };
	};

	return [
		defineRoute({
			method: 'POST',
			path: `${path}/:id::move`,
			access: { verb: 'write', kind: 'file' },
			summary: `Move or rename a ${kind} to a whole path`,
			tag: 'files',
			params,
			body: z.strictObject({ path: z.string().max(8192) }),
			answers: { 204: null },
			async handler({ actor, params, body, reply }) {
				await files.move(await allowed(actor, 'write', params.id), parsePath(body.path));
				return reply.code(204).send();
			},
		}),
		defineRoute({
			method: 'POST',
			path: `${path}/:id::restore`,
			access: { verb: 'write', kind: 'file' },
			summary: `Take a ${kind} out of the trash; with ?rename under a free name when its own is taken`,
			tag: 'files',
			params,
			query: z.strictObject({ rename: flag() }),
			answers: { 204: null },
			async handler({ actor, params, query, reply }) {
				await files.restore(await allowed(actor, 'write', params.id), query);
				return reply.code(204).send();
			},
		}),
		defineRoute({
			method: 'DELETE',
			path: `${path}/:id`,
			access: { verb: 'delete', kind: 'file' },
			summary: `Put a ${kind} into the trash; with ?forever destroy it for good, with all its versions`,
			tag: 'files',
			params,
			query: z.strictObject({ forever: flag() }),
			answers: { 204: null },
			async handler({ actor, params, query, reply }) {
				const request = await allowed(actor, 'delete', params.id);
				await (query.forever ? files.destroy(request) : files.trash(request));
				return reply.code(204).send();
			},
		}),
	];
};
