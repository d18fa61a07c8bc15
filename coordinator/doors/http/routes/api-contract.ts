import { apiDocsPage, DOCS_POLICY } from '../api-docs.ts';
import { openApiDocument } from '../openapi.ts';
import { type AnyRoute, defineRoute } from '../route.ts';

/** The contract of all other routes, for programs and for people. */
export const apiContractRoutes = (parts: { routes: readonly AnyRoute[]; version: string }): AnyRoute[] => {
	let document: ReturnType<typeof openApiDocument> | null = null;
	let page: string | null = null;
	const own: AnyRoute[] = [
		defineRoute({
			method: 'GET',
			path: '/api/openapi.json',
			access: 'public',
			summary: 'This contract as an OpenAPI 3.1 document',
			tag: 'contract',
			answers: { 200: null },
			async handler({ reply }) {
				document ??= openApiDocument([...parts.routes, ...own], parts.version);
				return reply.header('cache-control', 'no-cache').send(document);
			},
		}),
		defineRoute({
			method: 'GET',
			path: '/api/docs',
			access: 'public',
			summary: 'This contract as a page',
			tag: 'contract',
			answers: { 200: null },
			async handler({ reply }) {
				document ??= openApiDocument([...parts.routes, ...own], parts.version);
				page ??= apiDocsPage([...parts.routes, ...own], document as Parameters<typeof apiDocsPage>[1]);
				return reply
					.header('content-security-policy', DOCS_POLICY)
					.header('cache-control', 'no-cache')
					.type('text/html; charset=utf-8')
					.send(page);
			},
		}),
	];
	return own;
};
