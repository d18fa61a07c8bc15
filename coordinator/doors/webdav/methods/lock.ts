import { Readable } from 'node:stream';
import { CodedError } from '../../../../shared/coded-error.ts';
import type { DriveLock } from '../../../drive/locks.ts';
import { formatPath } from '../../../files/safe-path.ts';
import { DavError } from '../dav-error.ts';
import { type DavRequest, type OwnPlace, requireOwn } from '../dav-request.ts';
import { requirePreconditions } from '../preconditions.ts';
import { activeLocks } from '../properties/active-lock.ts';
import { addressOf } from '../read-address.ts';
import { readDepth, readTimeout } from '../read-headers.ts';
import { readLockRequest } from '../xml/lock-request.ts';
import { readXml } from '../xml/read-body.ts';
import { XML_HEAD, XML_TYPE } from '../xml/write-xml.ts';
import type { XmlElement } from '../xml/xml-element.ts';

/** Takes a lock, or, without a body, makes one last longer. */
export const lock = async (dav: DavRequest): Promise<void> => {
	const place = requireOwn(dav.place);
	const root = await readXml(dav.request);
	const tokens = await requirePreconditions(dav);
	await (root === null ? refresh(dav, place, tokens) : take(dav, place, root, tokens));
};

const refresh = async (dav: DavRequest, place: OwnPlace, tokens: readonly string[]): Promise<void> => {
	const { request, rooms, actor } = dav;
	if (tokens.length === 0) {
		throw new CodedError(
			'bad-request',
			'Say in the header If which lock is to last longer, or in the body which to take.',
		);
	}
	const timeoutMs = readTimeout(request.headers);
	for (const token of tokens) {
		const refreshed = await rooms.drive.locks.refresh(actor.userSeq, place.names, token, timeoutMs);
		if (refreshed) return tell(dav, place, { lock: refreshed, status: 200, isFolder: await isFolderAt(dav, place) });
	}
	throw new DavError('precondition-failed', 'lock-token-matches-request-uri', 'No such lock is held here (any more).');
};

const take = async (dav: DavRequest, place: OwnPlace, root: XmlElement, tokens: readonly string[]): Promise<void> => {
	const { request, rooms, actor } = dav;
	const { names } = place;
	const depth = readDepth(request.headers) ?? 'infinity';
	if (depth === 1) throw new CodedError('bad-request', 'A lock has the Depth 0 or infinity.');
	const wanted = readLockRequest(root);
	const resource = await rooms.drive.find(actor, place);
	if (resource?.isReadOnly) throw new CodedError('forbidden', 'This cannot be written, so it cannot be locked.');
	const { locks } = rooms.drive;
	const timeoutMs = readTimeout(request.headers);
	let taken: DriveLock;
	try {
		taken = await locks.take({ ...wanted, ownerSeq: actor.userSeq, names, isDeep: depth === 'infinity', timeoutMs });
	} catch (error) {
		if (!(error instanceof CodedError) || error.code !== 'locked') throw error;
		throw new DavError('locked', 'no-conflicting-lock', error.message, [addressOf(place, resource?.kind === 'folder')]);
	}
	let isNew = false;
	try {
		isNew = !resource && (await makeEmpty(dav, names, [...tokens, taken.token]));
	} catch (error) {
		await locks.release(actor.userSeq, names, taken.token);
		throw error;
	}
	tell(dav, place, { lock: taken, status: isNew ? 201 : 200, isFolder: resource?.kind === 'folder' });
};

/** A lock on a name that is free makes an empty file there. False: somebody else has made something of it meanwhile. */
const makeEmpty = async (
	{ rooms, actor }: DavRequest,
	names: readonly string[],
	tokens: readonly string[],
): Promise<boolean> => {
	try {
		await rooms.uploads.receive({
			...{ actor, path: formatPath(names), source: Readable.from([]), declaredBytes: 0, sha256: null },
			condition: { ifMatch: null, ifNoneMatch: '*' },
			settles: { tokens },
		});
		return true;
	} catch (error) {
		if (error instanceof CodedError && error.code === 'precondition-failed') return false;
		throw error;
	}
};

const isFolderAt = async ({ rooms, actor }: DavRequest, place: OwnPlace): Promise<boolean> =>
	(await rooms.drive.find(actor, place))?.kind === 'folder';

const tell = (
	{ response }: DavRequest,
	place: OwnPlace,
	{ lock: held, status, isFolder }: { lock: DriveLock; status: number; isFolder: boolean },
): void => {
	const locks = activeLocks([held], { place, resource: { kind: isFolder ? 'folder' : 'file' } }, Date.now());
	const body = Buffer.from(`${XML_HEAD}<D:prop xmlns:D="DAV:"><D:lockdiscovery>${locks}</D:lockdiscovery></D:prop>\n`);
	response.writeHead(status, {
		'content-type': XML_TYPE,
		'content-length': body.length,
		'lock-token': `<${held.token}>`,
	});
	response.end(body);
};
