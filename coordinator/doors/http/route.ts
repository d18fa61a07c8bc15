import type { FastifyReply, FastifyRequest } from 'fastify';
import type { z } from 'zod';
import type { ErrorCode } from '../../../shared/protocol/errors.ts';
import type { Actor } from '../../accounts/actor.ts';
import type { ObjectKind, Verb } from '../../accounts/permissions.ts';

/**
 * Who may call a route. `public`: anybody. `attempt`: the holder of a live attempt's token (agents fetching inputs).
 * Otherwise the verb on the kind of object, which the gate asks for before anything is read. Of a kind that belongs to
 * nobody (queues, nodes, classes, people's accounts…) that is the whole answer: handlers do not ask again. Of a kind
 * that has owners (files, tasks) the gate only knows that it is allowed on some: the handler asks again, with the owner
 * of this very object.
 */
export type Access = 'public' | 'attempt' | { verb: Verb; kind: ObjectKind };

/** Of what has an HTTP of its own: always somebody who is known. */
export type MountAccess = Exclude<Access, 'public' | 'attempt'>;

type Shape = z.ZodType | undefined;
type Parsed<T extends Shape> = T extends z.ZodType ? z.output<T> : undefined;

export interface RouteContext<P extends Shape, Q extends Shape, B extends Shape> {
	/** Throws `unauthenticated` when nobody is signed in. */
	readonly actor: Actor;
	readonly actorOrNull: Actor | null;
	readonly params: Parsed<P>;
	readonly query: Parsed<Q>;
	readonly body: Parsed<B>;
	readonly request: FastifyRequest;
	readonly reply: FastifyReply;
}

/** One verb on one path: what it takes, who may, what it answers. The schemas validate and become the OpenAPI document. */
export interface Route<P extends Shape = Shape, Q extends Shape = Shape, B extends Shape = Shape> {
	method: 'GET' | 'HEAD' | 'POST' | 'PUT' | 'PATCH' | 'DELETE' | 'OPTIONS';
	/** Fastify's path syntax, from `/api/v1`; a literal colon is `::`. */
	path: string;
	access: Access;
	summary: string;
	tag: string;
	params?: P;
	query?: Q;
	/** JSON body; absent means that no body is taken. */
	body?: B;
	/** The code for a body that does not fit; `invalid` unless told. */
	bodyFault?: ErrorCode;
	/** The body is a stream that the handler reads from `request.raw`: no parser, no size limit here, no request timeout but a minimum rate. */
	rawBody?: true;
	/** Costs so much that one person may have only so many of it under way. */
	mostAtOnce?: number;
	/** A try to get in: networks are held to a slow rate of these. */
	isSignIn?: true;
	/**
	 * Does so much that a session is asked for the password again when that was shown longer than ten minutes ago; always, or
	 * by what is asked for. Tokens have scopes instead.
	 */
	fresh?: true | ((body: Parsed<B>) => boolean);
	/**
	 * What whoever asks must be allowed besides, by what is asked for; null: nothing. A task whose results become files is
	 * also a way to write files.
	 */
	alsoNeeds?: (body: Parsed<B>) => { verb: Verb; kind: ObjectKind } | null;
	/** One's own sign-in: no token may change that, whatever its scopes, or whoever stole one could keep its owner out. */
	sessionOnly?: true;
	/** Answered also to sessions that must set up a second factor before anything else. */
	whileEnrolling?: true;
	/** Largest JSON body in bytes; 1 MiB unless told. */
	bodyLimit?: number;
	/** Status -> schema of the JSON answer, or null for none or for bytes. */
	answers: Record<number, z.ZodType | null>;
	handler(context: RouteContext<P, Q, B>): Promise<unknown>;
}

/** Gives a route its types; `AnyRoute[]` is what a noun's file exports through a function that takes its rooms. */
export const defineRoute = <P extends Shape = undefined, Q extends Shape = undefined, B extends Shape = undefined>(
	route: Route<P, Q, B>,
): AnyRoute => route as unknown as AnyRoute;

// biome-ignore lint/suspicious/noExplicitAny: the parsed types differ by route and are known only inside defineRoute
export type AnyRoute = Route<any, any, any>;
