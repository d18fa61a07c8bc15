import type { FastifyReply, FastifyRequest } from 'fastify';
import { planContent, RangeOutside, type Sending } from '../content/plan-content.ts';
import type { StreamedBody } from '../content/streamed-body.ts';

/** Answers GET and HEAD of a route for content. */
export const sendContent = async (
	{ request, reply }: { request: FastifyRequest; reply: FastifyReply },
	sending: Sending,
): Promise<FastifyReply | StreamedBody> => {
	try {
		const { status, headers, body } = await planContent(request, sending);
		reply.code(status).headers(headers);
		return body ?? reply.send();
	} catch (error) {
		if (error instanceof RangeOutside) reply.header('content-range', error.contentRange);
		throw error;
	}
};
