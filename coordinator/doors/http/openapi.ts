import { z } from 'zod';
import { ERRORS } from '../../../shared/protocol/errors.ts';
import type { AnyRoute } from './route.ts';

type Document = Record<string, unknown>;

const jsonSchema = (schema: z.ZodType, io: 'input' | 'output'): Document => {
	const { $schema: _, ...rest } = z.toJSONSchema(schema, { io, unrepresentable: 'any', target: 'draft-2020-12' });
	return rest;
};

const pathOf = (path: string): string =>
	path
		.replaceAll('::', '\u0000')
		.replace(/:([A-Za-z]+)/g, '{$1}')
		.replace(/\*$/, '{path}')
		.replaceAll('\u0000', ':');

const parametersOf = (route: AnyRoute): Document[] => {
	const fromPath = [...pathOf(route.path).matchAll(/\{([A-Za-z]+)\}/g)].map((match) => match[1] as string);
	const pathSchema = route.params ? jsonSchema(route.params, 'input') : {};
	const querySchema = route.query ? jsonSchema(route.query, 'input') : {};
	const properties = (schema: Document) => (schema.properties ?? {}) as Record<string, Document>;
	const required = (querySchema.required ?? []) as string[];
	return [
		...fromPath.map((name) => ({
			name,
			in: 'path',
			required: true,
			schema: properties(pathSchema)[name] ?? { type: 'string' },
		})),
		...Object.entries(properties(querySchema)).map(([name, schema]) => ({
			name,
			in: 'query',
			required: required.includes(name),
			schema,
		})),
	];
};

const answersOf = (route: AnyRoute): Document => {
	const answers = Object.entries(route.answers).map(([status, schema]) => [
		status,
		{
			description: Number(status) < 300 ? 'Done' : 'See the status',
			...(schema ? { content: { 'application/json': { schema: jsonSchema(schema, 'output') } } } : {}),
		},
	]);
	return { ...Object.fromEntries(answers), default: { $ref: '#/components/responses/Problem' } };
};

const operationOf = (route: AnyRoute): Document => ({
	summary: route.summary,
	tags: [route.tag],
	...(typeof route.access === 'object'
		? { security: [{ token: [] }, { session: [] }], 'x-permission': `${route.access.verb} ${route.access.kind}` }
		: { security: [] }),
	parameters: parametersOf(route),
	...(route.body
		? { requestBody: { required: true, content: { 'application/json': { schema: jsonSchema(route.body, 'input') } } } }
		: route.rawBody
			? { requestBody: { required: true, content: { 'application/octet-stream': {} } } }
			: {}),
	responses: answersOf(route),
});

/** The OpenAPI 3.1 document of all routes, made of the schemas that validate them. */
export const openApiDocument = (routes: readonly AnyRoute[], version: string): Document => {
	const paths: Record<string, Record<string, unknown>> = {};
	for (const route of routes) {
		const path = pathOf(route.path);
		paths[path] = { ...paths[path], [route.method.toLowerCase()]: operationOf(route) };
	}
	const problem = {
		type: 'object',
		required: ['type', 'title', 'status', 'code'],
		properties: {
			type: { type: 'string' },
			title: { type: 'string' },
			status: { type: 'integer' },
			detail: { type: 'string' },
			code: { type: 'string', enum: Object.keys(ERRORS) },
			fields: {
				type: 'array',
				items: { type: 'object', properties: { path: { type: 'string' }, message: { type: 'string' } } },
			},
			requestId: { type: 'string' },
		},
	};
	return {
		openapi: '3.1.0',
		info: { title: 'Millrace', version, license: { name: 'MIT', identifier: 'MIT' } },
		servers: [{ url: '/' }],
		paths,
		components: {
			securitySchemes: {
				token: { type: 'http', scheme: 'bearer', description: 'An API token' },
				session: { type: 'apiKey', in: 'cookie', name: '__Host-millrace' },
			},
			responses: {
				Problem: {
					description: 'A problem document (RFC 9457); `code` is stable',
					content: { 'application/problem+json': { schema: problem } },
				},
			},
		},
	};
};
