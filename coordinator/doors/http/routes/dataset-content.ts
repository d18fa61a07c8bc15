import { z } from 'zod';
import { CodedError } from '../../../../shared/coded-error.ts';
import { datasetRefSchema, datasetVersionQuerySchema } from '../../../../shared/protocol/dataset.ts';
import type { Datasets } from '../../../datasets/datasets.ts';
import type { ContentReader } from '../../../files/content-reader.ts';
import type { Files } from '../../../files/files.ts';
import { decodePath, splitPath } from '../../../files/safe-path.ts';
import { disposition, inlineType } from '../../content/content-headers.ts';
import { type AnyRoute, defineRoute } from '../route.ts';
import { sendContent } from '../send-content.ts';
import { flag } from './download.ts';

const MARK = '/content/';

/** Read from the raw address, so that it is decoded once and only once. */
const namesIn = (address: string): string[] => {
	const path = address.split(/[?#]/, 1)[0] ?? '';
	return decodePath(path.slice(path.indexOf(MARK) + MARK.length - 1));
};

export const datasetContentRoutes = (rooms: {
	datasets: Datasets;
	files: Pick<Files, 'downloads'>;
	contents: ContentReader;
}): AnyRoute[] => {
	const { datasets, files, contents } = rooms;
	const download = (method: 'GET' | 'HEAD', summary: string): AnyRoute =>
		defineRoute({
			method,
			path: '/api/v1/datasets/:name/content/*',
			access: { verb: 'read', kind: 'dataset' },
			summary,
			tag: 'datasets',
			// What `*` stands for is read from the address itself.
			params: z.strictObject({ name: datasetRefSchema, '*': z.string().describe('Path of the file') }),
			query: datasetVersionQuerySchema.extend({ inline: flag() }),
			answers: { 200: null, 206: null, 304: null },
			async handler(context) {
				const { actor, params, query } = context;
				const names = namesIn(context.request.raw.url ?? '');
				const { name } = splitPath(names);
				const asked = { readerSeq: actor.userSeq, ref: params.name };
				const entry = await datasets.content(asked, names, query.version ?? null);
				if (!entry) throw new CodedError('not-found', `The dataset ${params.name} has no file ${names.join('/')}.`);
				const shown = query.inline ? inlineType(entry.mediaType) : null;
				return sendContent(context, {
					sha256: entry.sha256,
					size: entry.size,
					contentType: shown ?? 'application/octet-stream',
					disposition: disposition(shown === null ? 'attachment' : 'inline', name),
					cacheControl: 'private, no-cache',
					blobs: contents,
					meter: (bytes) => files.downloads.begin(actor.userSeq, bytes),
				});
			},
		});
	return [
		// Before GET, so that no other HEAD is made of it.
		download('HEAD', 'Size and SHA-256 of a dataset’s file'),
		download('GET', 'Download a dataset’s file, whole or a range'),
	];
};
