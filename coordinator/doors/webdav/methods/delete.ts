import { readCondition } from '../../content/content-headers.ts';
import type { DavRequest } from '../dav-request.ts';
import { requirePreconditions } from '../preconditions.ts';
import { readDepth } from '../read-headers.ts';

/** Into the trash, with all that is below it. */
export const remove = async (dav: DavRequest): Promise<void> => {
	const { request, response, rooms, actor, place } = dav;
	const { headers } = request;
	const isDeep = (readDepth(headers) ?? 'infinity') === 'infinity';
	const tokens = await requirePreconditions(dav);
	await rooms.drive.remove(actor, place, { tokens, condition: readCondition(headers), isDeep });
	response.writeHead(204).end();
};
