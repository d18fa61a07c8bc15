import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Actor } from '../../accounts/actor.ts';
import { replyWithError } from './error-reply.ts';
import { MOST_IN_FLIGHT } from './in-flight.ts';
import type { Access } from './route.ts';
import type { FrameParts } from './serve-route.ts';

/** A protocol that does its own HTTP at a path and below it, once it is known who asks. */
export interface Mount {
	prefix: string;
	access: Exclude<Access, 'public' | 'attempt'>;
	handle(request: IncomingMessage, response: ServerResponse, actor: Actor): Promise<void>;
}

/** Whether a request's address lies at the mount. */
export const isAt = (url: string, { prefix }: Mount): boolean => {
	if (!url.startsWith(prefix)) return false;
	const next = url[prefix.length];
	return next === undefined || next === '/' || next === '?';
};

/** The same questions as at every route, then the protocol's own ways; what it throws becomes a problem document. */
export const serveMount = (mount: Mount, parts: FrameParts) => {
	const { gate, inFlight, slowBodies, securityHeaders, onAnswered } = parts;
	const tag = mount.prefix.split('/').at(-1)!;

	return async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
		const startedAt = performance.now();
		let leave: (() => void) | null = null;
		try {
			const { actor } = await gate.admit(request, mount.access, false);
			// With such an access only somebody who is signed in is admitted.
			const { userSeq } = actor!;
			inFlight.enter(userSeq, MOST_IN_FLIGHT);
			const unwatch = slowBodies.watch(request, 'stream', () => request.destroy());
			leave = () => {
				unwatch();
				inFlight.leave(userSeq);
			};
			securityHeaders.applyTo(response);
			const ended = new Promise<void>((resolve) => response.once('close', resolve));
			await mount.handle(request, response, actor!);
			if (response.headersSent) await ended;
		} catch (error) {
			replyWithError(error, request, response, parts);
		} finally {
			leave?.();
			onAnswered(response.statusCode, performance.now() - startedAt, tag);
		}
	};
};
