import { z } from 'zod';
import type { Content } from '../../../files/detail-store.ts';
import type { Files } from '../../../files/files.ts';
import type { Accesses } from '../../../recipes/accesses.ts';
import { disposition, inlineType } from '../../content/content-headers.ts';
import { StreamedBody } from '../../content/streamed-body.ts';
import type { RouteContext } from '../route.ts';
import { sendContent } from '../send-content.ts';

/** A query parameter that is there or not: `?inline`, `?inline=true`; `=false` is as if it were not there. */
export const flag = () =>
	z
		.enum(['', 'true', 'false', '1', '0'])
		.default('false')
		.transform((value) => value === '' || value === 'true' || value === '1');

export const inlineQuery = z.strictObject({ inline: flag() });

/** What it takes to give a file's content. */
export interface Downloading {
	files: Files;
	accesses: Pick<Accesses, 'served'>;
}

/** Gives a file's content as a download, or inline when that is asked for and harmless. Its first byte is a look at it. */
export const sendFile = async (
	context: Pick<RouteContext<undefined, undefined, undefined>, 'request' | 'reply' | 'actor'> & {
		query: { inline: boolean };
	},
	content: Content,
	{ files, accesses }: Downloading,
) => {
	const shown = context.query.inline ? inlineType(content.mediaType) : null;
	const sent = await sendContent(context, {
		sha256: content.sha256,
		size: content.size,
		contentType: shown ?? 'application/octet-stream',
		disposition: disposition(shown === null ? 'attachment' : 'inline', content.name),
		cacheControl: 'private, no-cache',
		blobs: files.blobs,
		meter: (bytes) => files.downloads.begin(context.actor.userSeq, bytes),
	});
	if (!(sent instanceof StreamedBody)) return sent;
	return new StreamedBody((response) => {
		accesses.served(context.actor.userSeq, content);
		return sent.writeTo(response);
	});
};
