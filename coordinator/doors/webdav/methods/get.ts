import type { DriveFile } from '../../../drive/resource.ts';
import type { ContentReader } from '../../../files/content-reader.ts';
import { disposition, shortEtagOf } from '../../content/content-headers.ts';
import { planContent, RangeOutside, type Sending, UNMETERED } from '../../content/plan-content.ts';
import { notAllowed } from '../allowed-methods.ts';
import { type DavRequest, requireResource } from '../dav-request.ts';
import { prefersPage, sendFolderPage } from '../folder-page.ts';
import { requirePreconditions } from '../preconditions.ts';
import { contentTypeOf } from '../properties/live-properties.ts';

/** GET and HEAD of a file. */
export const get = async (dav: DavRequest): Promise<void> => {
	const { request, response, place, rooms, actor } = dav;
	const resource = await requireResource(dav, { content: true });
	const { file } = resource;
	if (!file) {
		const refusal = notAllowed(response, { place, resource }, 'This is a folder. Open the address as a network drive.');
		if (!prefersPage(request)) throw refusal;
		return sendFolderPage(response, place);
	}
	await requirePreconditions(dav);
	const sending: Sending = {
		sha256: file.sha256,
		etag: shortEtagOf(file.sha256),
		size: file.size,
		contentType: contentTypeOf(file),
		disposition: disposition('attachment', resource.name),
		cacheControl: 'private, no-cache',
		blobs: contentsOf(file, rooms.drive.contents),
		meter: file.content === 'stored' ? (bytes) => rooms.files.downloads.begin(actor.userSeq, bytes) : UNMETERED,
		modifiedAt: resource.modifiedAt,
	};
	try {
		const { status, headers, body } = await planContent(request, sending);
		if (!response.destroyed) response.writeHead(status, headers);
		if (!body) return void response.end();
		// The first byte is a look at it.
		if (file.version) rooms.accesses.served(actor.userSeq, file.version);
		await body.writeTo(response);
	} catch (error) {
		if (error instanceof RangeOutside) response.setHeader('content-range', error.contentRange);
		throw error;
	}
};

/** What the drive makes itself is small. */
const contentsOf = ({ content }: DriveFile, stored: ContentReader): ContentReader =>
	content === 'stored' ? stored : { open: stored.open.bind(stored), readSmall: () => content.make() };
