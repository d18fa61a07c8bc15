import { CodedError } from '../../../../shared/coded-error.ts';
import type { DriveLock } from '../../../drive/locks.ts';
import { type OwnPlace, requireOwn } from '../../../drive/place.ts';
import { DavError } from '../dav-error.ts';
import type { DavRequest } from '../dav-request.ts';
import { requirePreconditions } from '../preconditions.ts';
import { activeLocks } from '../properties/active-lock.ts';
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
	const { drive } = rooms;
	const refreshed = await drive.locks.refresh(actor.userSeq, place.names, tokens, readTimeout(request.headers));
	if (!refreshed) {
		throw new DavError(
			'precondition-failed',
			'lock-token-matches-request-uri',
			'No such lock is held here (any more).',
		);
	}
	const kind = (await drive.find(actor, place))?.kind ?? 'file';
	tell(dav, place, { lock: refreshed, status: 200, kind });
};

const take = async (dav: DavRequest, place: OwnPlace, root: XmlElement, tokens: string[]): Promise<void> => {
	const { headers } = dav.request;
	const depth = readDepth(headers) ?? 'infinity';
	if (depth === 1) throw new CodedError('bad-request', 'A lock has the Depth 0 or infinity.');
	const wanted = {
		...readLockRequest(root),
		isDeep: depth === 'infinity',
		timeoutMs: readTimeout(headers),
		tokens,
	};
	const { lock: taken, created, kind } = await dav.rooms.drive.lock(dav.actor, place, wanted);
	tell(dav, place, { lock: taken, status: created ? 201 : 200, kind });
};

const tell = (
	{ response }: DavRequest,
	place: OwnPlace,
	{ lock: held, status, kind }: { lock: DriveLock; status: number; kind: 'file' | 'folder' },
): void => {
	const locks = activeLocks([held], { place, resource: { kind } }, Date.now());
	const body = Buffer.from(`${XML_HEAD}<D:prop xmlns:D="DAV:"><D:lockdiscovery>${locks}</D:lockdiscovery></D:prop>\n`);
	response.writeHead(status, {
		'content-type': XML_TYPE,
		'content-length': body.length,
		'lock-token': `<${held.token}>`,
	});
	response.end(body);
};
