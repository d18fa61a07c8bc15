import { z } from 'zod';
import { CodedError } from '../../../../shared/coded-error.ts';
import {
	fileDetailSchema,
	fileListQuerySchema,
	fileVersionSchema,
	folderEntrySchema,
} from '../../../../shared/protocol/file.ts';
import { idSchema } from '../../../../shared/protocol/ids.ts';
import { pageOf, pageQuerySchema } from '../../../../shared/protocol/json.ts';
import { requirePermission } from '../../../accounts/permissions.ts';
import { parsePath } from '../../../files/safe-path.ts';
import { UNMETERED } from '../../content/plan-content.ts';
import { type AnyRoute, defineRoute } from '../route.ts';
import { sendContent } from '../send-content.ts';
import { type Downloading, inlineQuery, sendFile } from './download.ts';
import { entryRoutes } from './entries.ts';

const idParams = z.strictObject({ id: idSchema('file') });
const version = z.coerce.number().int().min(1).optional();
const DAY_S = 86_400;

export const fileRoutes = (rooms: Downloading): AnyRoute[] => {
	const { files } = rooms;

	const download = (method: 'GET' | 'HEAD'): AnyRoute =>
		defineRoute({
			method,
			path: '/api/v1/files/:id/content',
			access: { verb: 'read', kind: 'file' },
			summary: 'Download one version of a file, the newest unless told',
			tag: 'files',
			params: idParams,
			query: inlineQuery.extend({ version }),
			answers: { 200: null, 206: null, 304: null },
			async handler(context) {
				const { actor, params, query } = context;
				const content = await files.content(params.id, query.version ?? null);
				if (!content) throw new CodedError('not-found');
				requirePermission(actor, 'read', { kind: 'file', ownerSeq: content.ownerSeq });
				return sendFile(context, content, rooms);
			},
		});

	return [
		defineRoute({
			method: 'GET',
			path: '/api/v1/files',
			access: { verb: 'read', kind: 'file' },
			summary: 'List a folder (folders first, then files, each by name), or the trash',
			tag: 'files',
			query: fileListQuerySchema,
			answers: { 200: pageOf(folderEntrySchema) },
			async handler({ actor, query }) {
				requirePermission(actor, 'read', { kind: 'file', ownerSeq: actor.userSeq });
				if (query.trash) return files.listTrash(actor.userSeq, query);
				return files.listFolder(actor.userSeq, parsePath(query.folder), query);
			},
		}),
		defineRoute({
			method: 'GET',
			path: '/api/v1/files/:id',
			access: { verb: 'read', kind: 'file' },
			summary: 'Everything about one file: facts, its newest versions, tasks',
			tag: 'files',
			params: idParams,
			answers: { 200: fileDetailSchema },
			async handler({ actor, params }) {
				const found = await files.detail(params.id);
				if (!found) throw new CodedError('not-found');
				requirePermission(actor, 'read', { kind: 'file', ownerSeq: found.ownerSeq });
				return found.detail;
			},
		}),
		defineRoute({
			method: 'GET',
			path: '/api/v1/files/:id/versions',
			access: { verb: 'read', kind: 'file' },
			summary: 'List the versions of a file, the newest first',
			tag: 'files',
			params: idParams,
			query: pageQuerySchema,
			answers: { 200: pageOf(fileVersionSchema) },
			async handler({ actor, params, query }) {
				const found = await files.versions(params.id, query);
				if (!found) throw new CodedError('not-found');
				requirePermission(actor, 'read', { kind: 'file', ownerSeq: found.ownerSeq });
				return found.page;
			},
		}),
		download('HEAD'),
		download('GET'),
		defineRoute({
			method: 'GET',
			path: '/api/v1/files/:id/thumbnail',
			access: { verb: 'read', kind: 'file' },
			summary: 'The thumbnail of one version of a file, the newest unless told',
			tag: 'files',
			params: idParams,
			query: z.strictObject({ version }),
			answers: { 200: null, 206: null, 304: null },
			async handler(context) {
				const { actor, params, query } = context;
				const thumbnail = await files.thumbnail(params.id, query.version ?? null);
				if (!thumbnail) throw new CodedError('not-found');
				requirePermission(actor, 'read', { kind: 'file', ownerSeq: thumbnail.ownerSeq });
				const isImage = /^image\/(jpeg|png|webp|gif|avif)$/.test(thumbnail.mediaType);
				return sendContent(context, {
					...thumbnail,
					contentType: isImage ? thumbnail.mediaType : 'application/octet-stream',
					disposition: isImage ? 'inline' : 'attachment',
					cacheControl: query.version === undefined ? 'private, no-cache' : `private, max-age=${DAY_S}`,
					blobs: files.blobs,
					meter: UNMETERED,
				});
			},
		}),
		...entryRoutes('file', '/api/v1/files', files),
	];
};
