import type { IncomingMessage, ServerResponse } from 'node:http';
import type { FastifyInstance } from 'fastify';
import { CodedError } from '../../../shared/coded-error.ts';
import { replyWithError } from './error-reply.ts';
import { openPages } from './page-files.ts';
import { PathMethods } from './path-methods.ts';
import type { AnyRoute } from './route.ts';
import { type FrameParts, serveRoute } from './serve-route.ts';

/** A name before a literal colon ends there: `/tasks/:id::cancel` is the id and `:cancel`. */
const pathForFastify = (path: string): string => path.replace(/:(\w+)::/g, ':$1(^[^:/]+)::');

/** Makes our routes Fastify's, with answers for what is no route; gives back what answers malformed addresses. */
export const openRoutes = async (
	app: FastifyInstance,
	options: { routes: readonly AnyRoute[]; pagesFolder: string | null; parts: FrameParts },
): Promise<(error: unknown, request: IncomingMessage, response: ServerResponse) => void> => {
	const { routes, parts } = options;
	// Bodies are read by serveRoute, after it is known who asks: to Fastify there are none.
	for (const method of ['POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS']) {
		app.addHttpMethod(method, { hasBody: false, overrideExisting: true });
	}
	const refuse = (error: unknown, request: IncomingMessage, response: ServerResponse): void => {
		replyWithError(error, request, response, parts);
		parts.onAnswered(response.statusCode, 0, 'none', null);
	};
	app.addHook('onSend', (_, reply, payload, done) => {
		parts.securityHeaders.applyTo(reply.raw);
		done(null, payload);
	});
	const pages = await openPages(app, options.pagesFolder);
	const methods = new PathMethods(routes);

	const ownHead = new Set(routes.filter(({ method }) => method === 'HEAD').map(({ path }) => path));
	for (const route of routes) {
		const serve = serveRoute(route, parts);
		app.route({
			method: route.method === 'GET' && !ownHead.has(route.path) ? ['GET', 'HEAD'] : route.method,
			url: pathForFastify(route.path),
			// Nothing is given back, so that Fastify waits for nothing: the answer is sent or taken over in there.
			handler: (request, reply) => void serve(request, reply),
		});
	}
	app.setNotFoundHandler(async (request, reply) => {
		if (await pages(request, reply)) return reply;
		reply.hijack();
		const path = request.url.split('?', 1)[0]!;
		const allowed = methods.allowedAt(path).join(', ');
		if (allowed === '') {
			refuse(new CodedError('not-found', `There is nothing at ${path.slice(0, 200)}.`), request.raw, reply.raw);
		} else {
			reply.raw.setHeader('allow', allowed);
			refuse(new CodedError('method-not-allowed', `Allowed here: ${allowed}.`), request.raw, reply.raw);
		}
	});
	app.setErrorHandler((error, request, reply) => {
		reply.hijack();
		refuse(error, request.raw, reply.raw);
	});
	await app.ready();
	return refuse;
};
