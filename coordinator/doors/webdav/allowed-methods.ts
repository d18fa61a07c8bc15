import type { ServerResponse } from 'node:http';
import { CodedError } from '../../../shared/coded-error.ts';
import type { Place } from '../../drive/place.ts';
import type { DriveResource } from '../../drive/resource.ts';

const LOOK = ['OPTIONS', 'PROPFIND'];
const READ = ['GET', 'HEAD'];
const CHANGE = ['DELETE', 'MOVE', 'PROPPATCH', 'LOCK', 'UNLOCK'];

/** Every method that there is somewhere. */
export const ALL_METHODS = [...READ, 'PUT', 'MKCOL', 'COPY', ...CHANGE, ...LOOK].sort().join(', ');

/** What may be asked of a resource, or of a name that is free. */
export const allowedMethods = (place: Place, resource: DriveResource | null): string => {
	const isOwn = place.area === 'files';
	if (!resource) return (isOwn ? ['LOCK', 'MKCOL', 'OPTIONS', 'PUT'] : ['OPTIONS']).join(', ');
	const methods = [...LOOK];
	if (resource.kind === 'file') methods.push(...READ, ...(isOwn && !resource.isReadOnly ? ['PUT'] : []));
	if (place.area !== 'top') methods.push('COPY');
	if (isOwn && !resource.isReadOnly) methods.push(...CHANGE);
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
