import { CodedError } from '../../../../shared/coded-error.ts';
import { hasBody } from '../../content/discard-rest.ts';
import { notAllowed } from '../allowed-methods.ts';
import type { DavRequest } from '../dav-request.ts';
import { requirePreconditions } from '../preconditions.ts';

/** Makes a folder in a folder. */
export const mkcol = async (dav: DavRequest): Promise<void> => {
	const { request, response, rooms, actor, place } = dav;
	if (hasBody(request)) throw new CodedError('unsupported-media-type', 'MKCOL takes no body.');
	const tokens = await requirePreconditions(dav);
	try {
		await rooms.drive.makeFolder(actor, place, tokens);
	} catch (error) {
		if (!(error instanceof CodedError) || error.code !== 'name-taken') throw error;
		const resource = await rooms.drive.find(actor, place);
		throw notAllowed(response, { place, resource }, 'There is something of that name already.');
	}
	response.writeHead(201, { 'content-length': 0 }).end();
};
