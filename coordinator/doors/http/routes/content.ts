import { CodedError } from '../../../../shared/coded-error.ts';
import { type UploadAnswer, uploadAnswerSchema } from '../../../../shared/protocol/file.ts';
import type { Actor } from '../../../accounts/actor.ts';
import { requirePermission } from '../../../accounts/permissions.ts';
import { type Condition, NO_CONDITION, requireCondition } from '../../../files/condition.ts';
import type { Content } from '../../../files/detail-store.ts';
import { decodePath, formatPath, splitPath } from '../../../files/safe-path.ts';
import type { BlobSource } from '../../../files/staged-blob.ts';
import { etagOf, readCondition, readContentDigest, readContentLength } from '../../content/content-headers.ts';
import { type AnyRoute, defineRoute, type RouteContext } from '../route.ts';
import { type Downloading, inlineQuery, sendFile } from './download.ts';

const PREFIX = '/api/v1/content';

/** The way of new content into the system: one for all doors. */
export interface UploadSpine {
	receive(upload: {
		actor: Actor;
		path: string;
		source: BlobSource;
		declaredBytes: number | null;
		sha256: string | null;
		condition: Condition;
	}): Promise<UploadAnswer & { created: boolean }>;
}

type AnyContext = Pick<RouteContext<undefined, undefined, undefined>, 'request'>;

/** The path that the request's address means; read from the raw address, so that it is decoded once and only once. */
const pathOf = ({ request }: AnyContext): string[] => {
	const address = (request.raw.url ?? '').split(/[?#]/, 1)[0] ?? '';
	const names = decodePath(address.slice(address.indexOf(PREFIX) + PREFIX.length) || '/');
	splitPath(names);
	return names;
};

export const contentRoutes = (rooms: Downloading & { uploads: UploadSpine }): AnyRoute[] => {
	const { files, uploads } = rooms;

	const allowed = (actor: Actor, verb: 'read' | 'write' | 'delete'): void =>
		requirePermission(actor, verb, { kind: 'file', ownerSeq: actor.userSeq });
	const contentAt = async (actor: Actor, names: string[]): Promise<Content> => {
		const content = await files.contentAt(actor.userSeq, names);
		if (!content) throw new CodedError('not-found', `There is no file ${formatPath(names)}.`);
		return content;
	};
	const download = (method: 'GET' | 'HEAD', summary: string): AnyRoute =>
		defineRoute({
			method,
			path: `${PREFIX}/*`,
			access: { verb: 'read', kind: 'file' },
			summary,
			tag: 'files',
			query: inlineQuery,
			answers: { 200: null, 206: null, 304: null },
			async handler(context) {
				const names = pathOf(context);
				allowed(context.actor, 'read');
				return sendFile(context, await contentAt(context.actor, names), rooms);
			},
		});

	return [
		// Before GET, so that no other HEAD is made of it.
		download('HEAD', 'Size and SHA-256 of the newest content at a path'),
		download('GET', 'Download the newest content at a path, whole or a range'),
		defineRoute({
			method: 'PUT',
			path: `${PREFIX}/*`,
			access: { verb: 'write', kind: 'file' },
			summary: 'Upload the whole content of a path; what is there gets a new version',
			tag: 'files',
			rawBody: true,
			answers: { 200: uploadAnswerSchema, 201: uploadAnswerSchema },
			async handler(context) {
				const { actor, request, reply } = context;
				const names = pathOf(context);
				allowed(actor, 'write');
				const { headers } = request;
				if ((headers['content-encoding'] ?? 'identity') !== 'identity') {
					throw new CodedError('unsupported-media-type', 'Send the content as it is, without Content-Encoding.');
				}
				if (headers['content-range'] !== undefined) {
					throw new CodedError('bad-request', 'PUT takes whole contents only; /api/v1/uploads takes parts.');
				}
				const condition = readCondition(headers);
				const sha256 = readContentDigest(headers['content-digest']);
				const declaredBytes = readContentLength(headers['content-length']);
				const { created, ...answer } = await uploads.receive({
					actor,
					path: formatPath(names),
					source: request.raw,
					declaredBytes,
					sha256,
					condition,
				});
				reply.code(created ? 201 : 200).header('etag', etagOf(answer.file.sha256));
				return answer;
			},
		}),
		defineRoute({
			method: 'DELETE',
			path: `${PREFIX}/*`,
			access: { verb: 'delete', kind: 'file' },
			summary: 'Put the file at a path into the trash',
			tag: 'files',
			answers: { 204: null },
			async handler(context) {
				const { actor, request, reply } = context;
				const names = pathOf(context);
				allowed(actor, 'delete');
				const content = await contentAt(actor, names);
				requireCondition({ ...NO_CONDITION, ifMatch: readCondition(request.headers).ifMatch }, content.sha256);
				const by = { actor: actor.userId, address: actor.address };
				await files.trash({ kind: 'file', id: content.fileId, ownerSeq: content.ownerSeq, by });
				return reply.code(204).send();
			},
		}),
	];
};
