import { CodedError } from '../../../../shared/coded-error.ts';
import { readCondition } from '../../content/content-headers.ts';
import type { DavRequest } from '../dav-request.ts';
import { requirePreconditions } from '../preconditions.ts';
import { readDepth, readDestination, readOverwrite } from '../read-headers.ts';

/** COPY and MOVE to the address in Destination. */
export const transfer =
	(how: 'copy' | 'move') =>
	async (dav: DavRequest): Promise<void> => {
		const { request, response, rooms, actor, hosts, place: from } = dav;
		const { headers } = request;
		const to = hosts.place(request, readDestination(headers));
		if (to === null) throw new CodedError('other-server', 'Destination is not an address of this drive.');
		const overwrite = readOverwrite(headers);
		const depth = readDepth(headers) ?? 'infinity';
		if (depth === 1) throw new CodedError('bad-request', 'Depth is 0 or infinity here.');
		const tokens = await requirePreconditions(dav);
		const wanted = {
			how,
			from,
			to,
			overwrite,
			isDeep: depth === 'infinity',
			tokens,
			condition: readCondition(headers),
		};
		const { replaced } = await rooms.drive.transfer(actor, wanted);
		if (replaced) response.writeHead(204).end();
		else response.writeHead(201, { 'content-length': 0 }).end();
	};
