import type { FastifyReply } from 'fastify';
import { StreamedBody } from '../content/streamed-body.ts';

/** Answers with a file that is in memory, to be saved under a name. */
export const sendBytes = (reply: FastifyReply, bytes: Buffer, file: { name: string; type: string }): StreamedBody => {
	reply.headers({
		'content-type': file.type,
		'content-length': bytes.length,
		'content-disposition': `attachment; filename="${file.name}"`,
		'cache-control': 'private, no-store',
		'x-content-type-options': 'nosniff',
	});
	return new StreamedBody(async (response) => void response.end(bytes));
};

export const CSV_TYPE = 'text/csv; charset=utf-8; header=present';
