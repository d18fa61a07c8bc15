import { z } from 'zod';
import type { Actor } from '../../../accounts/actor.ts';
import type { Content } from '../../../files/detail-store.ts';
import type { Files } from '../../../files/files.ts';
import { disposition, inlineType } from '../content-headers.ts';
import type { RouteContext } from '../route.ts';
import { sendContent } from '../send-content.ts';

/** Meters what was downloaded. */
export type DownloadMeter = (transfer: {
	at: number;
	ownerSeq: number;
	kind: 'download';
	bytes: number;
	wallMs: number;
}) => void;

/** A query parameter that is there or not: `?inline`, `?inline=true`; `=false` is as if it were not there. */
export const flag = () =>
	z
		.enum(['', 'true', 'false', '1', '0'])
		.default('false')
		.transform((value) => value === '' || value === 'true' || value === '1');

export const inlineQuery = z.strictObject({ inline: flag() });

/** Meters a download of the actor's when it has ended. */
export const meterFor =
	(meter: DownloadMeter, actor: Actor) =>
	(bytes: number, wallMs: number): void => {
		if (bytes > 0) meter({ at: Date.now(), ownerSeq: actor.userSeq, kind: 'download', bytes, wallMs });
	};

/** Gives a file's content as a download, or inline when that is asked for and harmless. */
export const sendFile = (
	context: Pick<RouteContext<undefined, undefined, undefined>, 'request' | 'reply' | 'actor'> & {
		query: { inline: boolean };
	},
	content: Content,
	{ files, recordTransfer }: { files: Files; recordTransfer: DownloadMeter },
) => {
	const shown = context.query.inline ? inlineType(content.mediaType) : null;
	return sendContent(context, {
		sha256: content.sha256,
		size: content.size,
		contentType: shown ?? 'application/octet-stream',
		disposition: disposition(shown === null ? 'attachment' : 'inline', content.name),
		cacheControl: 'private, no-cache',
		blobs: files.blobs,
		onSent: meterFor(recordTransfer, context.actor),
	});
};
