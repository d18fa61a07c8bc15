import { CodedError } from '../../../../shared/coded-error.ts';
import { requireOwn } from '../../../drive/place.ts';
import { DavError } from '../dav-error.ts';
import type { DavRequest } from '../dav-request.ts';
import { requirePreconditions } from '../preconditions.ts';
import { readLockToken } from '../read-headers.ts';

/** Gives a lock back. */
export const unlock = async (dav: DavRequest): Promise<void> => {
	const { request, response, rooms, actor } = dav;
	const { names } = requireOwn(dav.place);
	const token = readLockToken(request.headers);
	if (token === null) throw new CodedError('bad-request', 'Say in the header Lock-Token which lock.');
	await requirePreconditions(dav);
	if (!(await rooms.drive.locks.release(actor.userSeq, names, token))) {
		throw new DavError('conflict', 'lock-token-matches-request-uri', 'No such lock is held here (any more).');
	}
	response.writeHead(204).end();
};
