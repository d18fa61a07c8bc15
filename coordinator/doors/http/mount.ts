import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Actor } from '../../accounts/actor.ts';
import { discardRest } from '../content/discard-rest.ts';
import { BASIC_CHALLENGE } from './basic-credentials.ts';
import { type RenderProblem, replyWithError } from './error-reply.ts';
import { MOST_IN_FLIGHT } from './in-flight.ts';
import type { MountAccess } from './route.ts';
import type { FrameParts } from './serve-route.ts';

/** A protocol that does its own HTTP at a path and below it, once it is known who asks. */
export interface Mount {
	prefix: string;
	/** How people show who they are: as at every route, or by name and app password only. */
	scheme?: 'basic';
	/** What one must be allowed, for all methods or each. */
	access: MountAccess | ((method: string) => MountAccess);
	handle(request: IncomingMessage, response: ServerResponse, actor: Actor): Promise<void>;
	/** How its refusals look. */
	problem?: RenderProblem;
	/** Answers what anybody may ask, before it is known who asks; false: it is no such thing. */
	answerStranger?(request: IncomingMessage, response: ServerResponse): boolean;
}

/** Whether a request's address lies at the mount. */
export const isAt = (url: string, { prefix }: Mount): boolean => {
	if (!url.startsWith(prefix)) return false;
	const next = url[prefix.length];
	return next === undefined || next === '/' || next === '?';
};

/** The same questions as at every route, then the protocol's own ways; what it throws becomes a problem document. */
export const serveMount = (mount: Mount, parts: FrameParts) => {
	const { gate, inFlight, slowBodies, openBodies, securityHeaders, onAnswered } = parts;
	const tag = mount.prefix.split('/').at(-1)!;
	const isBasic = mount.scheme === 'basic';
	const replying = { ...parts, problem: mount.problem, ...(isBasic ? { challenge: BASIC_CHALLENGE } : {}) };
	const accessOf = (method = '') => (typeof mount.access === 'function' ? mount.access(method) : mount.access);

	return async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
		const startedAt = performance.now();
		let leave: (() => void) | null = null;
		let asker: number | null = null;
		try {
			securityHeaders.applyTo(response);
			if (mount.answerStranger?.(request, response)) return discardRest(request);
			const access = accessOf(request.method);
			const caller = isBasic ? await gate.admitBasic(request, access) : await gate.admit(request, access);
			// With such an access only somebody who is signed in is admitted.
			const actor = caller.actor!;
			const { userSeq } = actor;
			asker = userSeq;
			inFlight.enter(userSeq, MOST_IN_FLIGHT);
			const unwatch = slowBodies.watch(request, 'stream', () => request.destroy());
			const standing = gate.standing(
				request,
				{ ...caller, actor },
				{ access, ...(isBasic ? { scheme: 'basic' } : {}) },
			);
			const unwatchStanding = openBodies.watch(standing, () => response.destroy());
			leave = () => {
				unwatch();
				unwatchStanding();
				inFlight.leave(userSeq);
			};
			const ended = new Promise<void>((resolve) => response.once('close', resolve));
			await mount.handle(request, response, actor);
			if (response.headersSent) await ended;
		} catch (error) {
			replyWithError(error, request, response, replying);
		} finally {
			leave?.();
			onAnswered(response.statusCode, performance.now() - startedAt, tag, asker);
		}
	};
};
