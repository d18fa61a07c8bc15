import { existsSync } from 'node:fs';
import { stat } from 'node:fs/promises';
import { join } from 'node:path';
import fastifyStatic from '@fastify/static';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { PAGE_POLICY } from '../../../shared/page-policy.ts';

const NOT_PAGES = /^\/(api|dav|socket\.io|assets)(\/|$)|^\/(metrics|healthz|readyz)(\/|$)/;
/** What a built page's files are called; everything else is the page. */
const FILE_NAME = /^\/(?:[A-Za-z0-9_-][A-Za-z0-9._-]*\/)*[A-Za-z0-9_-][A-Za-z0-9._-]*\.[A-Za-z0-9]+$/;
/** The administrators' console; its own addresses are behind a `#`, so that it is one page. */
const CONSOLE = '/console';

const notBuilt = (what: string): string => `<!doctype html><html lang="en"><meta charset="utf-8"><title>Millrace</title>
<h1>Millrace runs, its ${what} is not built</h1>
<p>Run <code>npm run build</code>, then load this page again. The interface for programs is at <a href="/api/docs">/api/docs</a>.</p></html>`;

/** Answers what is of the pages; false when that is nothing of theirs. */
export type PageAnswer = (request: FastifyRequest, reply: FastifyReply) => Promise<boolean>;

/**
 * Serves the built screens below `folder`: `portal` to people at /, `admin` at /console/. Assets with a hash in their
 * names are for ever, everything else is to be asked for again, and the one page of the portal is at every address that
 * is its own business. Looks at the disk each time, so that a new build shows.
 */
export const openPages = async (app: FastifyInstance, folder: string | null): Promise<PageAnswer> => {
	if (folder === null) return async () => false;
	await app.register(fastifyStatic, { root: folder, serve: false, preCompressed: true, cacheControl: false });

	const send = (reply: FastifyReply, set: string, name: string): true => {
		const isForEver = name.startsWith('/assets/');
		reply.header('cache-control', isForEver ? 'public, max-age=31536000, immutable' : 'no-cache');
		reply.header('content-security-policy', PAGE_POLICY);
		reply.sendFile(set + name);
		return true;
	};
	const sendPage = (reply: FastifyReply, set: string, what: string): true => {
		if (existsSync(join(folder, set, 'index.html'))) return send(reply, set, '/index.html');
		reply.code(503).type('text/html; charset=utf-8').send(notBuilt(what));
		return true;
	};

	return async (request, reply) => {
		if (request.method !== 'GET' && request.method !== 'HEAD') return false;
		const path = request.url.split('?', 1)[0]!;
		const wantsPage = /text\/html|\*\/\*/.test(request.headers.accept ?? '*/*');
		if (path === CONSOLE) {
			// Relative, for what may stand before a proxy's prefix.
			reply.redirect('console/', 308);
			return true;
		}
		if (path.startsWith(`${CONSOLE}/`)) {
			const name = path.slice(CONSOLE.length);
			if (FILE_NAME.test(name) && (await isFile(join(folder, 'admin', name)))) return send(reply, 'admin', name);
			return name === '/' && wantsPage ? sendPage(reply, 'admin', 'console') : false;
		}
		if (FILE_NAME.test(path) && (await isFile(join(folder, 'portal', path)))) return send(reply, 'portal', path);
		return NOT_PAGES.test(path) || !wantsPage ? false : sendPage(reply, 'portal', 'portal');
	};
};

const isFile = (path: string): Promise<boolean> =>
	stat(path).then(
		(found) => found.isFile(),
		() => false,
	);
