import type { OutgoingHttpHeaders } from 'node:http';
import type { Readable } from 'node:stream';
import Fastify, { type FastifyInstance } from 'fastify';
import type { Actor } from '../../coordinator/accounts/actor.ts';
import { requireForSome } from '../../coordinator/accounts/permissions.ts';
import { StreamedBody } from '../../coordinator/doors/content/streamed-body.ts';
import type { AnyRoute } from '../../coordinator/doors/http/route.ts';
import { CodedError } from '../../shared/coded-error.ts';
import { roleSchema } from '../../shared/protocol/account.ts';

/** A signed-in person for tests of doors. */
export const testActor = (userSeq: number, more: Partial<Actor> = {}): Actor => ({
	userSeq,
	userId: `usr_${userSeq}`,
	username: `user${userSeq}`,
	role: 'user',
	via: 'session',
	scopes: null,
	credentialId: `ses_${userSeq}`,
	session: { confirmedAt: Number.MAX_SAFE_INTEGER, mustEnrol: false },
	address: '127.0.0.1',
	...more,
});

/** Routes on a bare Fastify, without the real frame: no sign-in (`x-user` and `x-role` say who), no limits; asked is `access`. */
export const serveRoutes = async (routes: readonly AnyRoute[]): Promise<{ url: string; server: FastifyInstance }> => {
	const server = Fastify({ exposeHeadRoutes: false });
	server.removeAllContentTypeParsers();
	server.addContentTypeParser('application/json', { parseAs: 'string' }, (_, body, done) =>
		done(null, JSON.parse(String(body))),
	);
	server.addContentTypeParser('*', (_request, payload: Readable, done) => done(null, payload));
	server.setErrorHandler((error, _request, reply) => {
		const coded = error instanceof CodedError ? error : new CodedError('internal', String(error));
		if (!(error instanceof CodedError)) console.error(error);
		return reply
			.code(coded.status)
			.removeHeader('content-length')
			.header('connection', 'close')
			.type('application/problem+json')
			.send({ code: coded.code, detail: coded.message });
	});
	for (const route of routes) {
		server.route({
			method: route.method,
			url: route.path.replace(/:(\w+)::/, ':$1(^[^:/]+)::'),
			async handler(request, reply) {
				const parse = (shape: AnyRoute['query'], value: unknown) => {
					const parsed = shape?.safeParse(value);
					if (parsed && !parsed.success) throw new CodedError('invalid', parsed.error.message);
					return parsed?.data;
				};
				const role = roleSchema.parse(request.headers['x-role'] ?? 'user');
				const actor = testActor(Number(request.headers['x-user'] ?? 1), { role });
				if (typeof route.access === 'object') requireForSome(actor, route.access.verb, route.access.kind);
				const context = {
					actor,
					actorOrNull: actor,
					params: parse(route.params, request.params),
					query: parse(route.query, request.query),
					body: route.rawBody ? undefined : parse(route.body, request.body),
					request,
					reply,
				};
				const answer = await route.handler(context);
				if (!(answer instanceof StreamedBody)) return answer;
				reply.hijack();
				reply.raw.writeHead(reply.statusCode, reply.getHeaders() as OutgoingHttpHeaders);
				return answer.writeTo(reply.raw);
			},
		});
	}
	return { url: await server.listen({ host: '127.0.0.1', port: 0 }), server };
};
