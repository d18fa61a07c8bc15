import { CodedError } from '../../../../shared/coded-error.ts';
import type { Place } from '../../../drive/place.ts';
import { type DavRequest, requireOwn, requireResource } from '../dav-request.ts';
import { requirePreconditions } from '../preconditions.ts';
import { readDepth, readDestination, readOverwrite } from '../read-headers.ts';

/** COPY and MOVE to the address in Destination. */
export const transfer =
	(how: 'copy' | 'move') =>
	async (dav: DavRequest): Promise<void> => {
		const { request, response, rooms, actor, hosts } = dav;
		const { headers } = request;
		const from = how === 'move' ? requireOwn(dav.place) : dav.place;
		const target = hosts.place(request, readDestination(headers));
		if (target === null) throw new CodedError('other-server', 'Destination is not an address of this drive.');
		const to = requireOwn(target);
		if (isWithin(from, to) || isWithin(to, from)) {
			throw new CodedError('forbidden', 'The target is the source, lies in it or holds it.');
		}
		const overwrite = readOverwrite(headers);
		const depth = readDepth(headers) ?? 'infinity';
		const tokens = await requirePreconditions(dav);
		const resource = await requireResource(dav);
		if (resource.kind === 'folder' && (depth === 1 || (how === 'move' && depth === 0))) {
			throw new CodedError('bad-request', how === 'move' ? 'Depth is infinity here.' : 'Depth is 0 or infinity here.');
		}
		const wanted = { how, from, to, overwrite, isDeep: depth === 'infinity', tokens };
		const { replaced } = await rooms.drive.transfer(actor, wanted);
		if (replaced) response.writeHead(204).end();
		else response.writeHead(201, { 'content-length': 0 }).end();
	};

const isWithin = (place: Place, folder: Place): boolean =>
	place.area !== 'top' &&
	folder.area === place.area &&
	folder.names.every((name, depth) => place.names[depth] === name);
