import { CodedError } from '../../../shared/coded-error.ts';
import { isOwn, type Place } from '../../drive/place.ts';
import { requireCondition } from '../../files/condition.ts';
import { readCondition, shortEtagOf } from '../content/content-headers.ts';
import type { DavRequest } from './dav-request.ts';
import { readLockToken } from './read-headers.ts';
import { holds, type IfState, readIf, tokensIn } from './read-if.ts';

const NOTHING: IfState = { etag: null, tokens: new Set() };

/**
 * Throws `precondition-failed` unless the request's conditions hold; gives the lock tokens that it submits. Word sends a
 * token in Lock-Token where `If` is meant. What is about content is asked again in the transaction that changes it.
 */
export const requirePreconditions = async (dav: DavRequest): Promise<string[]> => {
	const { headers, method } = dav.request;
	if (method !== 'GET' && method !== 'HEAD') await requireTags(dav);
	const lists = readIf(headers.if as string | undefined);
	const states = new Map<string | null, Promise<IfState>>();
	const stateOf = (resource: string | null): Promise<IfState> => {
		const known = states.get(resource) ?? stateAt(dav, resource === null ? dav.place : placeOf(dav, resource));
		states.set(resource, known);
		return known;
	};
	if (!(await holds(lists, stateOf))) {
		throw new CodedError('precondition-failed', 'What the header If says does not hold (any more).');
	}
	const token = readLockToken(headers);
	return [...tokensIn(lists), ...(token === null ? [] : [token])];
};

/** If-Match and If-None-Match, as they are with every method. */
const requireTags = async ({ request, rooms, actor, place }: DavRequest): Promise<void> => {
	const { headers } = request;
	if (headers['if-match'] === undefined && headers['if-none-match'] === undefined) return;
	const resource = await rooms.drive.find(actor, place);
	// A folder is there, and has no tag.
	requireCondition(readCondition(headers), resource && (resource.file?.sha256 ?? ''));
};

/** Null: of that, nothing is true here. */
const placeOf = ({ hosts, request }: DavRequest, resource: string): Place | null => {
	try {
		return hosts.place(request, resource);
	} catch (error) {
		if (error instanceof CodedError) return null;
		throw error;
	}
};

const stateAt = async ({ rooms, actor }: DavRequest, place: Place | null): Promise<IfState> => {
	if (place === null) return NOTHING;
	const { drive } = rooms;
	const [resource, locks] = await Promise.all([
		drive.find(actor, place),
		isOwn(place) ? drive.locks.covering(actor.userSeq, place.names) : [],
	]);
	return {
		etag: resource?.file ? shortEtagOf(resource.file.sha256) : null,
		tokens: new Set(locks.map(({ token }) => token)),
	};
};
