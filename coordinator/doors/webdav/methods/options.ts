import type { IncomingMessage, ServerResponse } from 'node:http';
import { allowedMethods } from '../allowed-methods.ts';
import type { DavRequest } from '../dav-request.ts';

/** WebDAV with locks; the second is what Windows looks for. */
const ABILITIES = { dav: '1, 2', 'ms-author-via': 'DAV' };

/** What this can do, and what may be asked of the resource. */
export const options = async ({ response, rooms, actor, place }: DavRequest): Promise<void> => {
	const allow = allowedMethods(place, await rooms.drive.find(actor, place));
	response.writeHead(200, { ...ABILITIES, allow, 'content-length': 0 }).end();
};

/** Some clients ask what there is before they show who they are. They are told of no resource. */
export const answerStranger = (request: IncomingMessage, response: ServerResponse, allow: string): boolean => {
	if (request.method !== 'OPTIONS' || request.headers.authorization !== undefined) return false;
	response.writeHead(200, { ...ABILITIES, allow, 'content-length': 0 }).end();
	return true;
};
