import { z } from 'zod';
import { folderSchema } from '../../../../shared/protocol/file.ts';
import { requirePermission } from '../../../accounts/permissions.ts';
import type { Files } from '../../../files/files.ts';
import { parsePath } from '../../../files/safe-path.ts';
import { type AnyRoute, defineRoute } from '../route.ts';
import { entryRoutes } from './entries.ts';

export const folderRoutes = ({ files }: { files: Files }): AnyRoute[] => [
	defineRoute({
		method: 'POST',
		path: '/api/v1/folders',
		access: { verb: 'write', kind: 'file' },
		summary: 'Make a folder, and those above it that are missing; 200 when it was there',
		tag: 'files',
		body: z.strictObject({ path: z.string().max(8192) }),
		answers: { 200: folderSchema, 201: folderSchema },
		async handler({ actor, body, reply }) {
			requirePermission(actor, 'write', { kind: 'file', ownerSeq: actor.userSeq });
			const { folder, created } = await files.makeFolder(actor.userSeq, parsePath(body.path));
			reply.code(created ? 201 : 200);
			return folder;
		},
	}),
	...entryRoutes('folder', '/api/v1/folders', files),
];
