import type { OutgoingHttpHeaders } from 'node:http';
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { z } from 'zod';
import { CodedError } from '../../../shared/coded-error.ts';
import type { ErrorCode } from '../../../shared/protocol/errors.ts';
import type { Actor } from '../../accounts/actor.ts';
import { clientNetwork } from '../../accounts/client-network.ts';
import { NotAllowed } from '../../accounts/not-allowed.ts';
import type { Logger } from '../../report/logger.ts';
import { discardRest } from '../content/discard-rest.ts';
import { StreamedBody } from '../content/streamed-body.ts';
import { fieldErrors, type OnRefused, type Refusal, replyWithError, toCodedError } from './error-reply.ts';
import type { Caller, Gate } from './gate.ts';
import { type InFlight, MOST_IN_FLIGHT } from './in-flight.ts';
import type { OpenBodies } from './open-bodies.ts';
import { readJson } from './read-json.ts';
import type { AnyRoute, RouteContext } from './route.ts';
import type { SecurityHeaders } from './security-headers.ts';
import type { SlowBodies } from './slow-bodies.ts';

const JSON_BODY_BYTES = 1024 * 1024;

/** What the frame's parts share. */
export interface FrameParts {
	gate: Gate;
	inFlight: InFlight;
	slowBodies: SlowBodies;
	openBodies: OpenBodies;
	securityHeaders: SecurityHeaders;
	logger: Logger;
	/** Told of every answer; `tag` is the route's, or `none` where there is no route; `userSeq` who asked, if it is known. */
	onAnswered: (status: number, ms: number, tag: string, userSeq: number | null) => void;
	onRefused: OnRefused;
	/** For tests: answers must fit what the route declares. */
	checkAnswers: boolean;
}

const parse = (schema: z.ZodType | undefined, value: unknown, code: ErrorCode = 'invalid'): unknown => {
	if (!schema) return undefined;
	const parsed = schema.safeParse(value);
	if (parsed.success) return parsed.data;
	const fields = fieldErrors(parsed.error);
	const [first] = fields;
	throw new CodedError(code, first && `${first.path || 'The request'}: ${first.message}.`, { fields });
};

/** Where nothing is taken an empty object is nothing too: many clients send one with every POST. */
const requireNothing = (what: string, value: unknown): void => {
	if (value === undefined || value === null) return;
	const keys = typeof value === 'object' && !Array.isArray(value) ? Object.keys(value) : [what];
	if (keys.length === 0) return;
	const fields = keys.slice(0, 100).map((path) => ({ path, message: 'is not known' }));
	throw new CodedError('invalid', `${fields[0]!.path}: is not known.`, { fields });
};

class Context implements RouteContext<undefined, undefined, undefined> {
	readonly actorOrNull: Actor | null;
	readonly params: undefined;
	readonly query: undefined;
	readonly body: undefined;
	readonly request: FastifyRequest;
	readonly reply: FastifyReply;

	constructor(
		actor: Actor | null,
		parsed: { params: unknown; query: unknown; body: unknown },
		request: FastifyRequest,
		reply: FastifyReply,
	) {
		this.actorOrNull = actor;
		this.params = parsed.params as undefined;
		this.query = parsed.query as undefined;
		this.body = parsed.body as undefined;
		this.request = request;
		this.reply = reply;
	}

	get actor(): Actor {
		if (!this.actorOrNull) throw new CodedError('unauthenticated');
		return this.actorOrNull;
	}
}

/**
 * One route's way through the frame: who asks and may they, how much of theirs is under way, what do they say, the
 * handler, the answer. Never rejects. It is one function and no chain of hooks because thousands a second go through it.
 */
export const serveRoute = (route: AnyRoute, parts: FrameParts) => {
	const { gate, inFlight, slowBodies, openBodies, onAnswered } = parts;
	const { access, params, query, body, tag } = route;
	const mostBytes = route.bodyLimit ?? JSON_BODY_BYTES;
	const isStream = route.rawBody ?? false;
	/** What a handler that says nothing about the status means. */
	const usual = Math.min(...Object.keys(route.answers).map(Number));

	/** From when bytes flow until they have flowed: whoever is shut out meanwhile is cut. */
	const watchStream = (raw: FastifyRequest['raw'], reply: FastifyReply, caller: Caller): (() => void) | null => {
		const { actor } = caller;
		if (!actor) return null;
		return openBodies.watch(gate.standing(raw, { ...caller, actor }, route), () => reply.raw.destroy());
	};

	const run = async (request: FastifyRequest, reply: FastifyReply, caller: Caller): Promise<void> => {
		const { raw } = request;
		const mayHaveBody = raw.method !== 'GET' && raw.method !== 'HEAD';
		const parsedParams = parse(params, request.params);
		const parsedQuery = query ? parse(query, request.query) : requireNothing('query', request.query);
		let parsedBody: unknown;
		if (!mayHaveBody) discardRest(raw);
		else if (!isStream) {
			const value = await readJson(raw, mostBytes, slowBodies);
			if (!body) requireNothing('body', value);
			else if (value === undefined && !body.safeParse(undefined).success) {
				throw new CodedError('bad-json', 'A JSON body is needed.');
			} else parsedBody = parse(body, value, route.bodyFault);
		}
		const known = gate.recheck(raw, caller, route);
		const actor = known instanceof Promise ? await known : known;
		gate.checkAsked(route, actor, parsedBody);
		if (usual < 300) reply.code(usual);
		const said = { params: parsedParams, query: parsedQuery, body: parsedBody };
		const answer = await route.handler(new Context(actor, said, request, reply));
		if (answer instanceof StreamedBody) {
			const unwatch = watchStream(raw, reply, caller);
			try {
				await sendBody(reply, answer, parts.securityHeaders);
			} finally {
				unwatch?.();
			}
			return;
		}
		if (reply.sent || reply.raw.destroyed) return;
		if (parts.checkAnswers) checkAnswer(route, reply.statusCode, answer);
		if (answer === undefined || route.answers[reply.statusCode] === null) reply.send(answer);
		else sendJson(reply, answer, parts.securityHeaders);
	};

	return async (request: FastifyRequest, reply: FastifyReply): Promise<void> => {
		const startedAt = performance.now();
		const { raw } = request;
		let leave: (() => void) | null = null;
		let asking: Actor | null = null;
		try {
			const caller = await gate.admit(raw, access, route);
			const { actor, address } = caller;
			asking = actor;
			leave = enter(inFlight, actor, address, route);
			const unwatch = isStream ? slowBodies.watch(raw, 'stream', () => tooSlow(raw, reply, parts)) : null;
			const unwatchStanding = isStream ? watchStream(raw, reply, caller) : null;
			try {
				await run(request, reply, caller);
			} finally {
				unwatch?.();
				unwatchStanding?.();
			}
		} catch (error) {
			const refusal = asking && refusedAct(route, asking, error);
			if (refusal) parts.onRefused(refusal, raw.url?.split('?', 1)[0] ?? '');
			if (!reply.sent) reply.hijack();
			const range = reply.getHeader('content-range');
			const headers = range === undefined ? {} : { 'content-range': String(range) };
			replyWithError(error, raw, reply.raw, { ...parts, headers });
		} finally {
			leave?.();
			onAnswered(reply.raw.statusCode, performance.now() - startedAt, tag, asking?.userSeq ?? null);
		}
	};
};

/** What administrators were to change and did not get for another reason than that they may not, which is told elsewhere. */
const refusedAct = ({ access, path }: AnyRoute, actor: Actor, error: unknown): Refusal | null => {
	if (typeof access === 'string' || access.verb === 'read' || !path.startsWith('/api/v1/admin/')) return null;
	const coded = error instanceof NotAllowed ? null : toCodedError(error);
	if (coded === null || coded.status >= 500 || coded.status === 429) return null;
	return { ...access, actor, code: coded.code };
};

const enter = (inFlight: InFlight, actor: Actor | null, address: string, route: AnyRoute): (() => void) | null => {
	// Agents are held by their slots; many may share an address.
	if (route.access === 'attempt') return null;
	const who = actor ? actor.userSeq : clientNetwork(address);
	inFlight.enter(who, MOST_IN_FLIGHT);
	if (route.mostAtOnce === undefined) return () => inFlight.leave(who);
	// Of each such route by itself: long downloads must not hold up what is quick.
	const here = `${who} ${route.path}`;
	try {
		inFlight.enter(here, route.mostAtOnce);
	} catch (error) {
		inFlight.leave(who);
		throw error;
	}
	return () => {
		inFlight.leave(who);
		inFlight.leave(here);
	};
};

/** Fastify would do the same; without its detour through hooks a request costs a tenth less. */
const sendJson = (reply: FastifyReply, answer: unknown, { forJson }: SecurityHeaders): void => {
	const body = JSON.stringify(answer);
	const { raw } = reply;
	const said = reply.getHeaders();
	const headers = [...forJson, 'content-length', String(Buffer.byteLength(body))];
	for (const name in said) add(headers, name, said[name]!);
	reply.hijack();
	raw.writeHead(raw.statusCode, headers);
	raw.end(body);
};

/** Bytes go past Fastify, which would pipe them. */
const sendBody = (reply: FastifyReply, body: StreamedBody, headers: SecurityHeaders): Promise<void> => {
	const { raw, statusCode } = reply;
	headers.applyTo(raw);
	const said = reply.getHeaders() as OutgoingHttpHeaders;
	reply.hijack();
	if (!raw.destroyed) raw.writeHead(statusCode, said);
	return body.writeTo(raw);
};

/** Adds a header to a flat list; one that is there is replaced. */
const add = (headers: string[], name: string, value: number | string | string[]): void => {
	const at = headers.findIndex((known, index) => index % 2 === 0 && known === name);
	if (at >= 0) headers.splice(at, 2);
	for (const one of Array.isArray(value) ? value : [value]) headers.push(name, String(one));
};

/** The client is told why, then the handler, who reads the body, by its end. */
const tooSlow = (raw: FastifyRequest['raw'], reply: FastifyReply, parts: FrameParts): void => {
	if (!reply.sent) reply.hijack();
	replyWithError(new CodedError('request-timeout'), raw, reply.raw, parts);
};

const checkAnswer = (route: AnyRoute, status: number, answer: unknown): void => {
	const schema = route.answers[status];
	const what = `${route.method} ${route.path} answers ${status}`;
	if (schema === undefined) throw new Error(`${what}, which it does not declare`);
	if (schema === null ? answer !== undefined : !schema.safeParse(answer).success) {
		throw new Error(`${what} in another shape than it declares`);
	}
};
