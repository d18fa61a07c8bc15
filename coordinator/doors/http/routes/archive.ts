import { z } from 'zod';
import { requirePermission } from '../../../accounts/permissions.ts';
import { archiveFolder } from '../../../files/archive.ts';
import { portableName } from '../../../files/archive-names.ts';
import type { Files } from '../../../files/files.ts';
import { parsePath } from '../../../files/safe-path.ts';
import { disposition } from '../content-headers.ts';
import { type AnyRoute, defineRoute } from '../route.ts';
import { StreamedBody } from '../streamed-body.ts';
import { writeMade } from '../write-file.ts';

export const archiveRoutes = (rooms: { files: Files }): AnyRoute[] => [
	defineRoute({
		method: 'GET',
		path: '/api/v1/archive',
		access: { verb: 'read', kind: 'file' },
		summary: 'Download a folder with all that is in it as a zip',
		tag: 'files',
		mostAtOnce: 4,
		query: z.strictObject({ folder: z.string().max(8192).default('/') }),
		answers: { 200: null },
		async handler({ actor, query, reply }) {
			requirePermission(actor, 'read', { kind: 'file', ownerSeq: actor.userSeq });
			const names = parsePath(query.folder);
			const archive = await archiveFolder(rooms.files, actor.userSeq, names);
			const download = await rooms.files.downloads.begin(actor.userSeq, archive.bytes);
			reply.headers({
				'content-type': 'application/zip',
				'content-disposition': disposition('attachment', `${portableName(names.at(-1) ?? 'files')}.zip`),
				'cache-control': 'private, no-store',
				'x-content-type-options': 'nosniff',
				...(archive.bytes === null ? {} : { 'content-length': archive.bytes }),
			});
			return new StreamedBody((response) => writeMade((send) => archive.writeTo(send), response, download));
		},
	}),
];
