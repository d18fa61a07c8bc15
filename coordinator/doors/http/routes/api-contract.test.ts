import { createHash } from 'node:crypto';
import { Ajv2020 } from 'ajv/dist/2020.js';
import type { Registry } from 'prom-client';
import { describe, expect, it } from 'vitest';
import type { z } from 'zod';
import { ERRORS } from '../../../../shared/protocol/errors.ts';
import { DoorStage } from '../../../../test/support/door-stage.ts';
import { httpRoutes } from '../../../http-contents.ts';
import type { Upkeep } from '../../../open-upkeep.ts';
import type { Rooms } from '../../../rooms.ts';
import { apiDocsPage, DOCS_POLICY } from '../api-docs.ts';
import { openApiDocument, openApiPath } from '../openapi.ts';
import { shapeText } from '../shape-text.ts';

const anything: unknown = new Proxy(() => anything, {
	get: (_, key) => (key === Symbol.toPrimitive ? () => 'anything' : key === 'then' ? undefined : anything),
	apply: () => anything,
});
const routes = httpRoutes(anything as Rooms & Upkeep, anything as Registry);
const document = openApiDocument(routes, '1.2.3');
const operations = Object.entries(document.paths).flatMap(([path, methods]) =>
	Object.entries(methods).map(([method, operation]) => ({ path, method, operation })),
);

describe('the OpenAPI document', () => {
	it('has every route and nothing else', () => {
		const named = routes.map(({ method, path }) => `${method.toLowerCase()} ${openApiPath(path)}`);
		expect(operations.map(({ method, path }) => `${method} ${path}`).sort()).toEqual(named.sort());
		expect(named).toContain('post /api/v1/tasks/{id}:cancel');
		expect(named).toContain('post /api/v1/tasks:batch');
		expect(named).toContain('put /api/v1/content/{path}');
	});

	it('is well formed: ids are unique, path parameters are declared, references lead somewhere', () => {
		expect(document).toMatchObject({ openapi: '3.1.0', info: { title: 'Millrace', version: '1.2.3' } });
		const ids = operations.map(({ operation }) => operation.operationId);
		expect(new Set(ids).size).toBe(ids.length);
		for (const { path, operation } of operations) {
			const declared = operation.parameters.filter((parameter) => parameter.in === 'path').map(({ name }) => name);
			expect(declared, path).toEqual(Array.from(path.matchAll(/\{(\w+)\}/g), ([, name]) => name));
			expect(Object.keys(operation.responses).length, path).toBeGreaterThan(1);
			expect(document.tags.map(({ name }) => name)).toContain(operation.tags[0]);
			for (const scheme of operation.security.flatMap((one) => Object.keys(one))) {
				expect(document.components.securitySchemes).toHaveProperty(scheme);
			}
		}
		for (const [, pointer] of JSON.stringify(document).matchAll(/"\$ref":"#\/([^"]+)"/g)) {
			expect(document).toHaveProperty(pointer!.split('/'));
		}
	});

	it('has only schemas that a validator takes', () => {
		const ajv = new Ajv2020({ strict: false, validateFormats: false });
		const schemas = operations.flatMap(({ operation }) => [
			...operation.parameters.map(({ schema }) => schema),
			...[operation.requestBody, ...Object.values(operation.responses)].flatMap((part) =>
				part && 'content' in part ? Object.values(part.content ?? {}).map(({ schema }) => schema ?? {}) : [],
			),
		]);
		expect(schemas.length).toBeGreaterThan(100);
		for (const schema of schemas) expect(() => ajv.compile(schema)).not.toThrow();
		const submit = document.paths['/api/v1/tasks']?.post?.requestBody?.content['application/json']?.schema;
		const fits = ajv.compile(submit!);
		expect(fits({ type: 'noop' })).toBe(true);
		expect(fits({ type: 'noop', more: 1 })).toBe(false);
	});
});

describe('what a route does not know', () => {
	const unknownKeys = (schema: z.ZodType, value: Record<string, unknown>): string[] =>
		(schema.safeParse(value).error?.issues ?? []).flatMap((issue) =>
			issue.code === 'unrecognized_keys' ? issue.keys : [],
		);

	it.each(routes.map((route) => [`${route.method} ${route.path}`, route] as const))('%s refuses', (_, route) => {
		// Where a route takes no query or no body the frame refuses every field: serve-route.test.ts.
		for (const schema of [route.params, route.query, route.body]) {
			if (schema) expect(unknownKeys(schema, { 'x[y]': '1' })).toEqual(['x[y]']);
		}
	});
});

describe('the page', () => {
	const page = apiDocsPage(document);

	it('shows every operation and every problem, by anchors', () => {
		const anchors = Array.from(page.matchAll(/ id="([^"]+)"/g), ([, id]) => id);
		expect(new Set(anchors).size).toBe(anchors.length);
		for (const { operation } of operations) expect(anchors).toContain(operation.operationId);
		for (const code of Object.keys(ERRORS)) expect(anchors).toContain(`problem-${code}`);
		for (const [, target] of page.matchAll(/href="#([^"]+)"/g)) expect(anchors).toContain(target);
	});

	it('is whole under its own policy: no script, no other file but the portal’s font, its style by hash', () => {
		expect(page).not.toMatch(/<script|<link|<img|style="| on\w+=|https?:/i);
		expect(Array.from(page.matchAll(/url\(([^)]*)\)/g), ([, file]) => file)).toEqual(['"/fonts/inter.woff2"']);
		const style = /<style>([\s\S]*)<\/style>/.exec(page)?.[1] ?? '';
		expect(DOCS_POLICY).toContain(`'sha256-${createHash('sha256').update(style).digest('base64')}'`);
	});

	it('is served', async () => {
		await using stage = await new DoorStage().start({ routes: routes.filter(({ tag }) => tag === 'contract') });
		const docs = await stage.call('GET', '/api/docs', {});
		expect([docs.status, docs.headers['content-security-policy']]).toEqual([200, DOCS_POLICY]);
		expect(docs.headers['content-type']).toBe('text/html; charset=utf-8');
		const json = await stage.call('GET', '/api/openapi.json', {});
		expect([json.status, json.json.openapi, json.headers['cache-control']]).toEqual([200, '3.1.0', 'no-cache']);
	});
});

describe('a shape', () => {
	it.each([
		[{ type: 'string', maxLength: 5 }, 'string …5'],
		[{ type: 'integer', minimum: 0, maximum: 9 }, 'integer 0…9'],
		[{ type: 'integer', minimum: 1, maximum: 2 ** 53 - 1 }, 'integer 1…'],
		[{ anyOf: [{ type: 'string' }, { type: 'null' }] }, 'string | null'],
		[{ type: 'array', items: { enum: ['a', 'b'] }, maxItems: 3 }, '("a" | "b")[] …3'],
		[
			{ type: 'object', required: ['a'], properties: { a: { const: 1 }, b: { type: 'boolean', default: true } } },
			'{ a: 1, b?: boolean = true }',
		],
		[{ type: 'object', additionalProperties: { type: 'number' } }, '{ [name]: number }'],
		[{ type: 'object', additionalProperties: {} }, '{ [name]: any JSON }'],
		[{ type: 'object', properties: {}, additionalProperties: false }, '{}'],
		[{}, 'any JSON'],
	])('%j is written %s', (schema, text) => {
		expect(shapeText(schema)).toBe(text);
	});
});
