import { z } from 'zod';
import { CodedError } from '../../../../shared/coded-error.ts';
import { idSchema } from '../../../../shared/protocol/ids.ts';
import { requirePermission } from '../../../accounts/permissions.ts';
import type { ContentReader } from '../../../files/content-reader.ts';
import type { Files } from '../../../files/files.ts';
import type { TaskReader } from '../../../queue/task-reader.ts';
import { disposition, inlineType } from '../../content/content-headers.ts';
import { type AnyRoute, defineRoute } from '../route.ts';
import { sendContent } from '../send-content.ts';
import { inlineQuery } from './download.ts';

export const taskOutputRoutes = (rooms: {
	reader: TaskReader;
	blobs: ContentReader;
	files: Pick<Files, 'downloads'>;
}): AnyRoute[] => [
	defineRoute({
		method: 'GET',
		path: '/api/v1/tasks/:id/outputs/:name',
		access: { verb: 'read', kind: 'task' },
		summary: 'Download an output of a task',
		tag: 'tasks',
		params: z.strictObject({ id: idSchema('task'), name: z.string().min(1).max(255) }),
		query: inlineQuery,
		answers: { 200: null, 206: null, 304: null },
		async handler({ actor, params, query, request, reply }) {
			const { ownerSeq } = await rooms.reader.ownerOf(params.id);
			// What came out of a person's data is the person's alone, as the data itself.
			requirePermission(actor, 'read', { kind: 'file', ownerSeq });
			const { outputs } = await rooms.reader.read(params.id);
			const output = outputs.find(({ name }) => name === params.name);
			if (!output) throw new CodedError('not-found', `The task has no output ${params.name}.`);
			const shown = query.inline ? inlineType(output.mediaType) : null;
			return sendContent(
				{ request, reply },
				{
					sha256: output.sha256,
					size: output.size,
					contentType: shown ?? 'application/octet-stream',
					disposition: disposition(shown === null ? 'attachment' : 'inline', output.name),
					cacheControl: 'private, no-cache',
					blobs: rooms.blobs,
					meter: (bytes) => rooms.files.downloads.begin(actor.userSeq, bytes),
				},
			);
		},
	}),
];
