import { CodedError } from '../../../../shared/coded-error.ts';
import { readCondition } from '../../content/content-headers.ts';
import { type DavRequest, requireOwn, requireResource } from '../dav-request.ts';
import { requirePreconditions } from '../preconditions.ts';
import { readDepth } from '../read-headers.ts';

/** Into the trash, with all that is below it. */
export const remove = async (dav: DavRequest): Promise<void> => {
	const { request, response, rooms, actor } = dav;
	const place = requireOwn(dav.place);
	const tokens = await requirePreconditions(dav);
	const resource = await requireResource(dav);
	const depth = readDepth(request.headers) ?? 'infinity';
	if (resource.kind === 'folder' && depth !== 'infinity') {
		throw new CodedError('bad-request', 'A folder is deleted with all that is in it: Depth is infinity.');
	}
	await rooms.drive.remove(actor, place, { tokens, condition: readCondition(request.headers) });
	response.writeHead(204).end();
};
