import { z } from 'zod';
import { ERRORS } from '../../../shared/protocol/errors.ts';
import type { AnyRoute } from './route.ts';

export type JsonSchema = Record<string, unknown>;

export interface Parameter {
	name: string;
	in: 'path' | 'query';
	required: boolean;
	schema: JsonSchema;
}

type Content = Record<string, { schema?: JsonSchema }>;

/** One method on one path, as OpenAPI has it. */
export interface Operation {
	operationId: string;
	summary: string;
	tags: string[];
	security: Record<string, string[]>[];
	/** The verb and the kind of object that the permission is asked for; absent where nobody is asked. */
	'x-permission'?: string;
	parameters: Parameter[];
	requestBody?: { required: boolean; content: Content };
	responses: Record<string, { description: string; content?: Content } | { $ref: string }>;
}

export interface OpenApiDocument {
	openapi: '3.1.0';
	info: { title: string; version: string; description: string; license: { name: string; identifier: string } };
	servers: { url: string }[];
	tags: { name: string }[];
	paths: Record<string, Record<string, Operation>>;
	components: Record<string, unknown>;
}

const DESCRIPTION = [
	'JSON over HTTP. Every failure is a problem document (RFC 9457) with a stable `code`.',
	'Lists take `limit` and `cursor`. `Idempotency-Key` makes a POST that makes something safe to repeat.',
	'Writes by session cookie need the header `X-Millrace-Request`.',
	'WebDAV at `/dav/` is not described here; it takes Basic credentials: the user name and an app password.',
].join(' ');

const STATUS_WORDS: Readonly<Record<number, string>> = {
	200: 'Done',
	201: 'Made',
	202: 'Accepted: it is on disk and will be done',
	204: 'Done; there is nothing to say',
	206: 'A part of the content',
	304: 'Unchanged',
	503: 'Not ready',
};

const jsonSchema = (schema: z.ZodType, io: 'input' | 'output'): JsonSchema => {
	const {
		$schema: _,
		$defs: __,
		...rest
	} = z.toJSONSchema(schema, { io, unrepresentable: 'any', target: 'draft-2020-12' });
	return withoutRecursion(rest) as JsonSchema;
};

/** The one schema of ours that contains itself is that of any JSON value, and in JSON Schema that is `{}`. */
const withoutRecursion = (value: unknown): unknown => {
	if (Array.isArray(value)) return value.map(withoutRecursion);
	if (typeof value !== 'object' || value === null) return value;
	if ('$ref' in value) return {};
	return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, withoutRecursion(inner)]));
};

/** Our paths in OpenAPI's words: `/tasks/:id::cancel` is `/tasks/{id}:cancel`. */
export const openApiPath = (path: string): string =>
	path.replace(/::|:(\w+)|\*$/g, (found, name?: string) => {
		if (found === '::') return ':';
		return found === '*' ? '{path}' : `{${name}}`;
	});

/** `POST /api/v1/tasks/{id}:cancel` is `postTasksIdCancel`. */
const operationIdOf = (method: string, path: string): string => {
	const words = path.replace(/^\/api\/v1/, '').match(/[A-Za-z0-9]+/g) ?? [];
	return method.toLowerCase() + words.map((word) => word[0]!.toUpperCase() + word.slice(1)).join('');
};

const parametersOf = (route: AnyRoute, path: string): Parameter[] => {
	const inPath = route.params ? jsonSchema(route.params, 'input') : {};
	const inQuery = route.query ? jsonSchema(route.query, 'input') : {};
	const propertiesOf = (schema: JsonSchema) => (schema.properties ?? {}) as Record<string, JsonSchema>;
	const required = (inQuery.required ?? []) as string[];
	return [
		...Array.from(path.matchAll(/\{(\w+)\}/g), ([, name]) => ({
			name: name!,
			in: 'path' as const,
			required: true,
			schema: propertiesOf(inPath)[name!] ?? { type: 'string' },
		})),
		...Object.entries(propertiesOf(inQuery)).map(([name, schema]) => ({
			name,
			in: 'query' as const,
			required: required.includes(name),
			schema,
		})),
	];
};

const responsesOf = (route: AnyRoute): Operation['responses'] => {
	const responses: Operation['responses'] = {};
	for (const [status, schema] of Object.entries(route.answers)) {
		responses[status] = {
			description: STATUS_WORDS[Number(status)] ?? `Status ${status}`,
			...(schema ? { content: { 'application/json': { schema: jsonSchema(schema, 'output') } } } : {}),
		};
	}
	responses.default = { $ref: '#/components/responses/Problem' };
	return responses;
};

const securityOf = ({ access }: AnyRoute): Operation['security'] => {
	if (access === 'public') return [];
	return access === 'attempt' ? [{ attempt: [] }] : [{ token: [] }, { session: [] }];
};

const operationOf = (route: AnyRoute, path: string): Operation => {
	const { access, body, rawBody } = route;
	const content: Content | null = body
		? { 'application/json': { schema: jsonSchema(body, 'input') } }
		: rawBody
			? { 'application/octet-stream': {} }
			: null;
	return {
		operationId: operationIdOf(route.method, path),
		summary: route.summary,
		tags: [route.tag],
		security: securityOf(route),
		...(typeof access === 'object' ? { 'x-permission': `${access.verb} ${access.kind}` } : {}),
		parameters: parametersOf(route, path),
		...(content ? { requestBody: { required: !body?.safeParse(undefined).success, content } } : {}),
		responses: responsesOf(route),
	};
};

const PROBLEM: JsonSchema = {
	type: 'object',
	required: ['type', 'title', 'status', 'detail', 'code', 'requestId'],
	properties: {
		type: { type: 'string', description: 'Address of the code’s entry in this documentation' },
		title: { type: 'string' },
		status: { type: 'integer' },
		detail: { type: 'string' },
		code: { type: 'string', enum: Object.keys(ERRORS) },
		fields: {
			type: 'array',
			items: {
				type: 'object',
				required: ['path', 'message'],
				properties: { path: { type: 'string' }, message: { type: 'string' } },
			},
		},
		requestId: { type: 'string', description: 'Under this id the log has more' },
	},
};

/** The OpenAPI 3.1 document of all routes, made of the schemas that validate them. */
export const openApiDocument = (routes: readonly AnyRoute[], version: string): OpenApiDocument => {
	const paths: OpenApiDocument['paths'] = {};
	for (const route of routes) {
		const path = openApiPath(route.path);
		paths[path] = { ...paths[path], [route.method.toLowerCase()]: operationOf(route, path) };
	}
	return {
		openapi: '3.1.0',
		info: { title: 'Millrace', version, description: DESCRIPTION, license: { name: 'MIT', identifier: 'MIT' } },
		servers: [{ url: '/' }],
		tags: [...new Set(routes.map(({ tag }) => tag))].map((name) => ({ name })),
		paths,
		components: {
			schemas: { Problem: PROBLEM },
			securitySchemes: {
				token: { type: 'http', scheme: 'bearer', description: 'An API token, `mrt_…`' },
				session: { type: 'apiKey', in: 'cookie', name: '__Host-millrace', description: 'What signing in sets' },
				attempt: { type: 'http', scheme: 'Attempt', description: 'An agent’s token of a live attempt' },
			},
			responses: {
				Problem: {
					description: 'What went wrong: a problem document (RFC 9457)',
					content: { 'application/problem+json': { schema: { $ref: '#/components/schemas/Problem' } } },
				},
			},
		},
	};
};
