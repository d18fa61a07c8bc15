import { z } from 'zod';
import { apiDocsPage, DOCS_POLICY } from '../api-docs.ts';
import { type OpenApiDocument, openApiDocument } from '../openapi.ts';
import { type AnyRoute, defineRoute } from '../route.ts';

/** The contract of all other routes, for programs and for people; made when it is first asked for. */
export const apiContractRoutes = (parts: { routes: readonly AnyRoute[]; version: string }): AnyRoute[] => {
	let made: { document: OpenApiDocument; page: string } | null = null;
	const contract = () => {
		if (made) return made;
		const document = openApiDocument([...parts.routes, ...own], parts.version);
		made = { document, page: apiDocsPage(document) };
		return made;
	};
	const own: AnyRoute[] = [
		defineRoute({
			method: 'GET',
			path: '/api/openapi.json',
			access: 'public',
			summary: 'This contract as an OpenAPI 3.1 document',
			tag: 'contract',
			answers: { 200: z.looseObject({ openapi: z.string() }) },
			async handler({ reply }) {
				reply.header('cache-control', 'no-cache');
				return contract().document;
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
				return reply
					.header('content-security-policy', DOCS_POLICY)
					.header('cache-control', 'no-cache')
					.type('text/html; charset=utf-8')
					.send(contract().page);
			},
		}),
	];
	return own;
};
