import { existsSync } from 'node:fs';
import { stat } from 'node:fs/promises';
import { join } from 'node:path';
import fastifyStatic from '@fastify/static';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { PAGE_POLICY } from './security-headers.ts';

const NOT_PAGES = /^\/(api|dav|socket\.io|assets)(\/|$)|^\/(metrics|healthz|readyz)(\/|$)/;
/** What a built portal's files are called; everything else is a page. */
const FILE_NAME = /^\/(?:[A-Za-z0-9_-][A-Za-z0-9._-]*\/)*[A-Za-z0-9_-][A-Za-z0-9._-]*\.[A-Za-z0-9]+$/;
const NOT_BUILT = `<!doctype html><html lang="en"><meta charset="utf-8"><title>Millrace</title>
<h1>Millrace runs, its portal is not built</h1>
<p>Run <code>npm run build</code>, then load this page again. The interface for programs is at <a href="/api/docs">/api/docs</a>.</p></html>`;

/** Answers what is of the portal; false when that is nothing of its. */
export type PortalAnswer = (request: FastifyRequest, reply: FastifyReply) => Promise<boolean>;

/**
 * Serves the built portal: assets with a hash in their names for ever, everything else to be asked for again, and the
 * one page for every address that is the portal's own business. Looks at the disk each time, so that a new build shows.
 */
export const openPortal = async (app: FastifyInstance, folder: string | null): Promise<PortalAnswer> => {
	if (folder === null) return async () => false;
	await app.register(fastifyStatic, { root: folder, serve: false, preCompressed: true, cacheControl: false });

	const send = (reply: FastifyReply, name: string): true => {
		const isForEver = name.startsWith('/assets/');
		reply.header('cache-control', isForEver ? 'public, max-age=31536000, immutable' : 'no-cache');
		reply.header('content-security-policy', PAGE_POLICY);
		reply.sendFile(name.slice(1));
		return true;
	};

	return async (request, reply) => {
		if (request.method !== 'GET' && request.method !== 'HEAD') return false;
		const path = request.url.split('?', 1)[0]!;
		if (FILE_NAME.test(path) && (await isFile(join(folder, path)))) return send(reply, path);
		if (NOT_PAGES.test(path) || !/text\/html|\*\/\*/.test(request.headers.accept ?? '*/*')) return false;
		if (existsSync(join(folder, 'index.html'))) return send(reply, '/index.html');
		reply.code(503).type('text/html; charset=utf-8').send(NOT_BUILT);
		return true;
	};
};

const isFile = (path: string): Promise<boolean> =>
	stat(path).then(
		(found) => found.isFile(),
		() => false,
	);
