import { z } from 'zod';
import { CodedError } from '../../../../shared/coded-error.ts';
import { idSchema, sha256Schema } from '../../../../shared/protocol/ids.ts';
import { joinAnswerSchema, joinSchema } from '../../../../shared/protocol/node.ts';
import type { Agents } from '../../../agents/agents.ts';
import type { AttemptOutputs } from '../../../agents/attempt-outputs.ts';
import type { ContentReader } from '../../../files/content-reader.ts';
import type { Lease, StoredInput } from '../../../queue/open-task.ts';
import { readContentLength } from '../../content/content-headers.ts';
import { UNMETERED } from '../../content/plan-content.ts';
import { StreamedBody } from '../../content/streamed-body.ts';
import { type AttemptRooms, attemptLease } from '../attempt-lease.ts';
import { type AnyRoute, defineRoute } from '../route.ts';
import { sendContent } from '../send-content.ts';

export interface AgentRooms extends AttemptRooms {
	agents: Pick<Agents, 'joining' | 'nodes'>;
	outputs: Pick<AttemptOutputs, 'receive'>;
	blobs: ContentReader;
	/** Of datasets. */
	contents: ContentReader;
}

const attempt = { task: idSchema('task'), attempt: z.coerce.number().int().min(1) };
const inputParams = z.strictObject({ ...attempt, sha256: sha256Schema });
const outputParams = z.strictObject({ ...attempt, name: z.string() });

/** How often it is looked, from memory, whether an attempt that is sent an input is still live and its node trusted. */
const LOOK_EVERY_MS = 500;

/** A node that is revoked, or has lost the attempt, gets no more of what it began to fetch. */
const whileLive = (body: StreamedBody, isLive: () => boolean): StreamedBody =>
	new StreamedBody(async (response) => {
		const timer = setInterval(() => {
			if (!isLive()) response.destroy();
		}, LOOK_EVERY_MS);
		try {
			await body.writeTo(response);
		} finally {
			clearInterval(timer);
		}
	});

/** What agents fetch and hand over for an attempt, by the attempt's own token. Bytes travel here, never on the socket. */
export const agentRoutes = (rooms: AgentRooms): AnyRoute[] => {
	const { agents, queue, outputs, blobs, contents } = rooms;
	const leaseOf = attemptLease(rooms);
	const isLive = (lease: Lease): boolean => {
		const { id: task, attempt: number, token, node } = lease;
		return queue.liveAttempt({ task, attempt: number, token }) === lease && agents.nodes.isTrusted(node);
	};

	return [
		defineRoute({
			method: 'POST',
			path: '/api/v1/agent/join',
			access: 'public',
			summary: 'Join as a node, by a node token and a public key',
			tag: 'agents',
			body: joinSchema,
			bodyLimit: 4_096,
			answers: { 200: joinAnswerSchema },
			handler: ({ body, request }) => agents.joining.join(body, request.ip),
		}),
		defineRoute({
			method: 'GET',
			path: '/api/v1/agent/attempts/:task/:attempt/inputs/:sha256',
			access: 'attempt',
			summary: 'Fetch an input of a live attempt, whole or a range',
			tag: 'agents',
			params: inputParams,
			answers: { 200: null, 206: null, 304: null },
			async handler(context) {
				const { params, request } = context;
				const lease = leaseOf(params, request.headers.authorization);
				const inputs = JSON.parse(lease.task.payload?.inputs ?? '[]') as StoredInput[];
				const input = inputs.find(({ sha256 }) => sha256 === params.sha256);
				if (!input) throw new CodedError('forbidden', 'That is no input of this attempt.');
				const sent = await sendContent(context, {
					sha256: input.sha256,
					size: input.size,
					contentType: 'application/octet-stream',
					disposition: 'attachment',
					cacheControl: 'private, no-store',
					blobs: input.file === null ? contents : blobs,
					meter: UNMETERED,
				});
				return sent instanceof StreamedBody ? whileLive(sent, () => isLive(lease)) : sent;
			},
		}),
		defineRoute({
			method: 'PUT',
			path: '/api/v1/agent/attempts/:task/:attempt/outputs/:name',
			access: 'attempt',
			summary: 'Hand over an output of a live attempt; it counts when the attempt is settled',
			tag: 'agents',
			params: outputParams,
			rawBody: true,
			answers: { 200: z.object({ sha256: sha256Schema, size: z.number() }) },
			async handler({ params, request }) {
				const { authorization, 'content-length': length } = request.headers;
				const lease = leaseOf(params, authorization);
				const declaredBytes = readContentLength(length);
				if (declaredBytes === null) throw new CodedError('length-required');
				return outputs.receive(lease, { name: params.name, declaredBytes, source: request.raw }, () => isLive(lease));
			},
		}),
	];
};
