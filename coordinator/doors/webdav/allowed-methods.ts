import type { ServerResponse } from 'node:http';
import { CodedError } from '../../../shared/coded-error.ts';
import { isOwn, type Place } from '../../drive/place.ts';
import type { DriveResource } from '../../drive/resource.ts';

const LOOK = ['OPTIONS', 'PROPFIND'];
const READ = ['GET', 'HEAD'];

/** What may be asked of a resource, or of a name that is free. */
export const allowedMethods = (place: Place, resource: DriveResource | null): string => {
	const own = isOwn(place);
	if (!resource) return (own ? ['LOCK', 'MKCOL', 'OPTIONS', 'PUT'] : ['OPTIONS']).join(', ');
	const { kind, entry, isReadOnly, isVirtual } = resource;
	const methods = [...LOOK];
	if (kind === 'file') methods.push(...READ);
	// Whatever is in an area, but not the area itself.
	if (place.area !== 'top' && place.names.length > 0 && isVirtual !== true) methods.push('COPY');
	if (own && !isReadOnly) {
		methods.push('LOCK', 'UNLOCK', ...(kind === 'file' ? ['PUT'] : []));
		if (entry || isVirtual === true) methods.push('PROPPATCH');
		// What only shows something is neither moved nor deleted.
		if (entry) methods.push('DELETE', 'MOVE');
	}
	return methods.sort().join(', ');
};

/** A method that is not for this kind of thing; the answer says which are. */
export const notAllowed = (
	response: ServerResponse,
	{ place, resource }: { place: Place; resource: DriveResource | null },
	detail: string,
): CodedError => {
	response.setHeader('allow', allowedMethods(place, resource));
	return new CodedError('method-not-allowed', detail);
};
