import { CodedError } from '../../../../shared/coded-error.ts';
import { formatPath } from '../../../files/safe-path.ts';
import { readCondition, readContentDigest, readContentLength, shortEtagOf } from '../../content/content-headers.ts';
import { notAllowed } from '../allowed-methods.ts';
import { type DavRequest, requireOwn } from '../dav-request.ts';
import { requirePreconditions } from '../preconditions.ts';

/** New content for a name, whole. */
export const put = async (dav: DavRequest): Promise<void> => {
	const { request, response, rooms, actor, place } = dav;
	const { names } = requireOwn(place);
	const { headers } = request;
	if (headers['content-range'] !== undefined) {
		throw new CodedError('bad-request', 'PUT takes whole contents only.');
	}
	if ((headers['content-encoding'] ?? 'identity') !== 'identity') {
		throw new CodedError('unsupported-media-type', 'Send the content as it is, without Content-Encoding.');
	}
	const tokens = await requirePreconditions(dav);
	const resource = await rooms.drive.find(actor, place);
	if (resource?.kind === 'folder') throw notAllowed(response, { place, resource }, 'There is a folder of that name.');
	if (resource?.isReadOnly) throw new CodedError('forbidden', 'This file is made by Millrace and cannot be written.');
	const { created, file } = await rooms.uploads.receive({
		actor,
		path: formatPath(names),
		source: request,
		declaredBytes: readContentLength(headers['content-length']),
		sha256: readContentDigest(headers['content-digest']),
		condition: readCondition(headers),
		settles: { tokens },
	});
	response.writeHead(created ? 201 : 204, {
		etag: shortEtagOf(file.sha256),
		...(created ? { 'content-length': 0 } : {}),
	});
	response.end();
};
