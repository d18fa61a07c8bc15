import { CodedError } from '../../../../shared/coded-error.ts';
import { readCondition, readContentDigest, readContentLength, shortEtagOf } from '../../content/content-headers.ts';
import { notAllowed } from '../allowed-methods.ts';
import type { DavRequest } from '../dav-request.ts';
import { requirePreconditions } from '../preconditions.ts';

/** New content for a name, whole. */
export const put = async (dav: DavRequest): Promise<void> => {
	const { request, response, rooms, actor, place } = dav;
	const { headers } = request;
	if (headers['content-range'] !== undefined) {
		throw new CodedError('bad-request', 'PUT takes whole contents only.');
	}
	if ((headers['content-encoding'] ?? 'identity') !== 'identity') {
		throw new CodedError('unsupported-media-type', 'Send the content as it is, without Content-Encoding.');
	}
	const content = {
		source: request,
		declaredBytes: readContentLength(headers['content-length']),
		sha256: readContentDigest(headers['content-digest']),
		condition: readCondition(headers),
		tokens: await requirePreconditions(dav),
	};
	const { created, file } = await rooms.drive.write(actor, place, content).catch(async (error: unknown) => {
		if (!(error instanceof CodedError) || error.code !== 'is-a-folder') throw error;
		throw notAllowed(response, { place, resource: await rooms.drive.find(actor, place) }, error.message);
	});
	response.writeHead(created ? 201 : 204, {
		etag: shortEtagOf(file.sha256),
		...(created ? { 'content-length': 0 } : {}),
	});
	response.end();
};
