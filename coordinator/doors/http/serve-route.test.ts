import { once } from 'node:events';
import { Readable } from 'node:stream';
import { afterEach, beforeEach, describe, expect, it, test } from 'vitest';
import { CodedError } from '../../../shared/coded-error.ts';
import { testActor } from '../../../test/support/bare-routes.ts';
import { BY_TOKEN, DoorStage, JSON_TYPE, TOKEN } from '../../../test/support/door-stage.ts';
import type { Actor } from '../../accounts/actor.ts';
import type { HttpDoorOptions } from './http-door.ts';
import { defineRoute } from './route.ts';

let stage: DoorStage;
beforeEach(async () => {
	stage = await new DoorStage().start();
});
afterEach(() => stage[Symbol.asyncDispose]());

describe('a request', () => {
	it('is parsed, served and answered', async () => {
		const made = await stage.post({ name: 'a' });
		expect([made.status, made.json]).toEqual([202, { name: 'a' }]);
		expect(made.headers['cache-control']).toBe('no-store');
		expect((await stage.call('GET', '/api/v1/things/x%2Fy')).json).toEqual({
			id: 'x/y',
			address: '127.0.0.1',
			secure: false,
		});
		expect(stage.answered).toEqual([
			[202, 'things'],
			[200, 'things'],
		]);
	});

	it('may have a literal colon after an id', async () => {
		expect((await stage.call('POST', '/api/v1/things/x:poke')).status).toBe(204);
		expect((await stage.call('POST', '/api/v1/things/x:poke', { ...BY_TOKEN, ...JSON_TYPE }, '{}')).status).toBe(204);
		const more = await stage.call('POST', '/api/v1/things/x:poke', { ...BY_TOKEN, ...JSON_TYPE }, '{"force":true}');
		expect(more.json).toMatchObject({ code: 'invalid', fields: [{ path: 'force', message: 'is not known' }] });
	});

	it('gets a problem document that names the fields that are wrong', async () => {
		const wrong = await stage.post({ name: 'much too long', tags: [{ a: 1 }, { a: 'x', b: 1 }], more: 1 });
		expect([wrong.status, wrong.headers['content-type']]).toEqual([422, 'application/problem+json']);
		expect(wrong.json).toMatchObject({
			type: '/api/docs#problem-invalid',
			status: 422,
			code: 'invalid',
			requestId: expect.stringMatching(/^req_/),
		});
		expect(wrong.json.fields.map(({ path }: { path: string }) => path)).toEqual([
			'name',
			'tags[1].a',
			'tags[1].b',
			'more',
		]);
		expect((await stage.call('GET', '/api/v1/things/x?limt=1')).json.fields).toEqual([
			{ path: 'limt', message: 'is not known' },
		]);
	});

	it.each([
		['text/plain JSON', { 'content-type': 'text/plain' }, '{"name":"a"}', 'unsupported-media-type'],
		['JSON without its type', {}, '{"name":"a"}', 'unsupported-media-type'],
		['a form', { 'content-type': 'application/x-www-form-urlencoded' }, 'name=a', 'unsupported-media-type'],
		[
			'another charset',
			{ 'content-type': 'application/json; charset=latin1' },
			'{"name":"a"}',
			'unsupported-media-type',
		],
		['compressed JSON', { ...JSON_TYPE, 'content-encoding': 'gzip' }, 'x', 'unsupported-media-type'],
		['half of JSON', JSON_TYPE, '{"name":', 'bad-json'],
		['bytes that are not UTF-8', JSON_TYPE, Buffer.from([0x22, 0xff, 0x22]), 'bad-json'],
		['a poisoned prototype', JSON_TYPE, '{"name":"a","__proto__":{"x":1}}', 'bad-json'],
		['a poisoned prototype in disguise', JSON_TYPE, '{"\\u005f_pr\\u006fto__" : {}}', 'bad-json'],
		['nothing', JSON_TYPE, '', 'bad-json'],
		['too much', JSON_TYPE, JSON.stringify({ name: 'x'.repeat(1_100_000) }), 'body-too-large'],
		[
			'too much in chunks',
			JSON_TYPE,
			Readable.from([Buffer.alloc(700_000, 32), Buffer.alloc(700_000, 32)]),
			'body-too-large',
		],
	])('with %s is refused', async (_, headers, body, code) => {
		expect((await stage.call('POST', '/api/v1/things', { ...BY_TOKEN, ...headers } as never, body)).json.code).toBe(
			code,
		);
		expect((await stage.post({ name: 'a' })).status).toBe(202);
	});

	it('may speak of __proto__ in a text', async () => {
		expect((await stage.post({ name: '__proto__' })).json).toEqual({ name: '__proto__' });
	});

	it.each([
		['POST', '/api/v1/things/%ff', 'bad-path'],
		['GET', '/api/v1/things/%zz', 'bad-path'],
		['GET', '/api/v1/nothing', 'not-found'],
		['GET', '/api/v1/things/x/', 'not-found'],
		['GET', '//api/v1/things/x', 'not-found'],
		['GET', `/api/v1/things/${'x'.repeat(5_000)}`, 'invalid'],
	])('%s %s is refused as %s', async (method, path, code) => {
		expect((await stage.call(method, path)).json.code).toBe(code);
	});

	it('with a method that there is not is told which there are', async () => {
		const answer = await stage.call('DELETE', '/api/v1/things/x');
		expect([answer.status, answer.headers.allow, answer.json.code]).toEqual([405, 'GET, HEAD', 'method-not-allowed']);
		expect((await stage.call('PUT', '/api/v1/things', { ...BY_TOKEN, ...JSON_TYPE }, '{}')).headers.allow).toBe('POST');
	});

	it('by HEAD is stage.answered as by GET, without the body', async () => {
		const get = await stage.call('GET', '/api/v1/things/x');
		const head = await stage.call('HEAD', '/api/v1/things/x');
		expect([head.status, head.text, head.headers['content-length']]).toEqual([200, '', get.headers['content-length']]);
		expect((await stage.call('HEAD', '/api/v1/stream')).text).toBe('');
		expect((await stage.call('GET', '/api/v1/stream')).text).toBe('onetwo');
		expect((await stage.call('HEAD', '/api/v1/nothing')).status).toBe(404);
	});

	it('that meets a fault of ours is told nothing, the log everything', async () => {
		const answer = await stage.call('GET', '/api/v1/bug');
		expect([answer.status, answer.json.code, answer.headers.etag]).toEqual([500, 'internal', undefined]);
		expect(answer.text).not.toMatch(/SELECT|ledger|secret|\bat\b/);
		const line = stage.lines.find((text) => text.includes(answer.json.requestId));
		expect(line).toContain('SELECT secret');
		expect((await stage.call('GET', '/api/v1/wrong-shape')).status).toBe(500);
	});

	it('is told when to come again', async () => {
		const answer = await stage.call('GET', '/api/v1/later');
		expect([answer.status, answer.headers['retry-after'], answer.json.detail]).toEqual([503, '2', 'Come again.']);
	});
});

describe('every answer', () => {
	it('has the headers that keep browsers from harm', async () => {
		for (const [method, path] of [
			['GET', '/api/v1/things/x'],
			['GET', '/api/v1/nothing'],
			['GET', '/api/v1/bug'],
			['GET', '/api/v1/things/%ff'],
			['POST', '/api/v1/mount/x'],
			['POST', '/api/v1/mount/bad'],
		] as const) {
			const { headers } = await stage.call(method, path);
			expect(headers).toMatchObject({
				'content-security-policy': "default-src 'none'; frame-ancestors 'none'",
				'cross-origin-opener-policy': 'same-origin',
				'cross-origin-resource-policy': 'same-origin',
				'referrer-policy': 'no-referrer',
				'x-content-type-options': 'nosniff',
				'cache-control': 'no-store',
			});
			expect(headers['strict-transport-security']).toBeUndefined();
			expect(headers['access-control-allow-origin']).toBeUndefined();
		}
	});
});

test('an act of administrators that comes to nothing is told with its reason, and nothing else is', async () => {
	const route = (path: string, verb: 'read' | 'write') =>
		defineRoute({
			...{ method: 'POST', path, access: { verb, kind: 'accounting' }, summary: 'Does nothing', tag: 'things' },
			answers: { 204: null },
			async handler() {
				throw new CodedError('conflict');
			},
		});
	const told: string[] = [];
	await stage.restart({
		routes: [
			route('/api/v1/admin/prices', 'write'),
			route('/api/v1/admin/sums', 'read'),
			route('/api/v1/own', 'write'),
		],
		onRefused: ({ actor, verb, kind, code }, path) =>
			told.push([actor.userId, `${kind}.${verb}`, code, path].join(' ')),
	});
	const all = () =>
		Promise.all(['admin/prices?x', 'admin/sums', 'own'].map((path) => stage.call('POST', `/api/v1/${path}`)));
	stage.actor = testActor(1, { role: 'administrator' });
	await all();
	// `x` is no query that it takes.
	expect(told).toEqual(['usr_1 accounting.write invalid /api/v1/admin/prices']);
	await stage.call('POST', '/api/v1/admin/prices');
	expect(told.slice(1)).toEqual(['usr_1 accounting.write conflict /api/v1/admin/prices']);
	stage.actor = testActor(1);
	await stage.call('POST', '/api/v1/admin/prices');
	expect(told.slice(2)).toEqual(['usr_1 accounting.write forbidden /api/v1/admin/prices']);
});

test('whoever is shut out or given another role while the body comes is refused', async () => {
	const root = testActor(1, { role: 'administrator' });
	let actor: Actor | null;
	let epoch = 0;
	let onAsked = () => {};
	const token = async () => {
		onAsked();
		return actor;
	};
	const accounts = {
		authenticator: {
			token,
			get epoch() {
				return epoch;
			},
		},
	} as unknown as HttpDoorOptions['accounts'];
	const done: string[] = [];
	const route = defineRoute({
		...{ method: 'POST', path: '/api/v1/admin/prices', access: { verb: 'write', kind: 'accounting' } },
		...{ summary: 'Notes who it was', tag: 'things', answers: { 204: null } },
		handler: async (context) => void done.push(context.actor.role),
	});
	await stage.restart({ accounts, routes: [route], mounts: [] });
	const head = ['POST /api/v1/admin/prices HTTP/1.1', 'Host: x', `Authorization: Bearer ${TOKEN}`];
	const rest = ['Content-Type: application/json', 'Content-Length: 2', 'Connection: close', '', ''];
	const statusAfter = async (change: () => void) => {
		actor = root;
		const asked = new Promise<void>((resolve) => {
			onAsked = resolve;
		});
		const { socket, heard } = stage.connect([...head, ...rest].join('\r\n'));
		await asked;
		change();
		const closed = once(socket, 'close');
		socket.write('{}');
		await closed;
		return heard().slice(9, 12);
	};
	const becomes = (next: Actor | null) => () => {
		actor = next;
		epoch++;
	};
	expect(await statusAfter(() => {})).toBe('204');
	expect(await statusAfter(becomes(null))).toBe('401');
	expect(await statusAfter(becomes(testActor(1, { role: 'operator' })))).toBe('403');
	expect(await statusAfter(becomes(root))).toBe('204');
	expect(done).toEqual(['administrator', 'administrator']);
});
