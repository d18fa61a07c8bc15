import { CodedError } from '../../../../shared/coded-error.ts';
import { requireOwn } from '../../../drive/place.ts';
import { type DavRequest, requireResource } from '../dav-request.ts';
import { Multistatus, responseOf } from '../multistatus.ts';
import { requirePreconditions } from '../preconditions.ts';
import { findLive } from '../properties/live-properties.ts';
import { addressOf } from '../read-address.ts';
import { nameOf, type PropertyChange, readProppatch } from '../xml/proppatch-request.ts';
import { readXml } from '../xml/read-body.ts';
import { emptyElement } from '../xml/write-xml.ts';

const PROTECTED = '<D:cannot-modify-protected-property/>';

/** Changes properties that clients keep here: all that is ordered, or nothing of it. */
export const proppatch = async (dav: DavRequest): Promise<void> => {
	const { request, response, rooms, actor } = dav;
	const place = requireOwn(dav.place);
	const changes = readProppatch(await readXml(request));
	const tokens = await requirePreconditions(dav);
	const { entry: known, kind } = await requireResource(dav);
	const tell = (...propstats: Parameters<typeof responseOf>[1]): void => {
		const answer = new Multistatus(response);
		void answer.add(responseOf(addressOf(place, kind === 'folder'), propstats));
		answer.end();
	};
	// What is ours first: a refusal must leave nothing behind.
	const ours = changes.filter((change) => findLive(nameOf(change)));
	if (ours.length > 0) {
		const others = changes.filter((change) => !ours.includes(change));
		const refused = { status: '403 Forbidden', properties: namesOf(ours), error: PROTECTED };
		const left = { status: '424 Failed Dependency', properties: namesOf(others) };
		return tell(...(others.length === 0 ? [refused] : [refused, left]));
	}
	const entry = known ?? (await rooms.drive.entryOf(actor, place, tokens));
	if (!entry) throw new CodedError('forbidden', 'This takes no properties.');
	await rooms.drive.properties.change(entry, changes, { ownerSeq: actor.userSeq, names: place.names, tokens });
	tell({ status: '200 OK', properties: namesOf(changes) });
};

/** Each once, however often it was ordered. */
const namesOf = (changes: readonly PropertyChange[]): string =>
	[...new Set(changes.map((change) => emptyElement(nameOf(change))))].join('');
