import { randomBytes } from 'node:crypto';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { ERRORS } from '../../shared/protocol/errors.ts';
import type { Api } from '../support/api.ts';
import { checkInvariants } from '../support/check-invariants.ts';
import { residentBytes } from '../support/processes.ts';
import { RawConnection } from '../support/raw-connection.ts';
import { type RunningCoordinator, startCoordinator } from '../support/start-coordinator.ts';
import { TcpProxy } from '../support/tcp-proxy.ts';
import { TusUpload } from '../support/tus-upload.ts';

let coordinator: RunningCoordinator;
/** One that waits for no slow sender and takes no large file. */
let strict: RunningCoordinator;
let anna: Api;
let pid = 0;

beforeAll(async () => {
	const env = { MILLRACE_SLOW_BODY: '1', MILLRACE_MAX_FILE_SIZE: '1MB' };
	[coordinator, strict] = await Promise.all([startCoordinator(), startCoordinator({ env })]);
	anna = await coordinator.newUser('anna');
	pid = coordinator.pid;
});
afterAll(async () => {
	expect(coordinator.pid).toBe(pid);
	for (const one of [coordinator, strict]) {
		await one.stop();
		await checkInvariants({ data: one.data, settled: false });
		await one[Symbol.asyncDispose]();
	}
});

const JSON_TYPE = { 'content-type': 'application/json' };
const head = (line: string, more: string) =>
	`${line} HTTP/1.1\r\nhost: 127.0.0.1\r\nauthorization: Bearer ${anna.token}\r\n${more}\r\n`;
const exists = async (path: string) => (await anna.raw('HEAD', `/api/v1/content${path}`)).status === 200;

test('100 MB of JSON are refused before they are all in, and memory does not follow them', async () => {
	const before = residentBytes(pid);
	using connection = await RawConnection.open(coordinator.port);
	connection.send(head('POST /api/v1/tasks', 'content-type: application/json\r\ncontent-length: 104857600\r\n'));
	connection.send(`{"type":"noop","parameters":{"echo":"`);
	const reply = await connection.answered(10_000);
	expect(reply.status).toBe(413);
	expect(reply.body).toContain('body-too-large');
	const chunked = await RawConnection.exchange(
		coordinator.port,
		head(
			'POST /api/v1/tasks',
			'content-type: application/json\r\ntransfer-encoding: chunked\r\nconnection: close\r\n',
		).concat(`${(4 << 20).toString(16)}\r\n${' '.repeat(4 << 20)}\r\n`.repeat(4), '0\r\n\r\n'),
	).catch(() => null);
	// The server may close while we still send; then the answer is lost with the rest.
	if (chunked && chunked.status !== 0) expect(chunked.status).toBe(413);
	// Whole, by a client that does not look up while it sends.
	using all = await RawConnection.open(coordinator.port);
	all.send(head('POST /api/v1/tasks:batch', 'content-type: application/json\r\ncontent-length: 104857600\r\n'));
	all.send(Buffer.alloc(100 * 2 ** 20, 0x20));
	const { status } = await all.closed(20_000);
	expect([413, 0]).toContain(status);
	expect(residentBytes(pid) - before).toBeLessThan(64 * 2 ** 20);
	expect((await anna.raw('GET', '/api/v1/me')).status).toBe(200);
});

test('a body that ends before its declared length never becomes a file', async () => {
	using connection = await RawConnection.open(coordinator.port);
	connection.send(head('PUT /api/v1/content/lies/short.bin', 'content-length: 1000\r\n'));
	connection.send('only so much');
	connection.end();
	await connection.closed(10_000);
	expect(await exists('/lies/short.bin')).toBe(false);

	using cut = await RawConnection.open(coordinator.port);
	cut.send(head('PUT /api/v1/content/lies/cut.bin', 'content-length: 1000000\r\n'));
	cut.send(randomBytes(400_000));
	cut.reset();
	await cut.closed(10_000);
	expect(await exists('/lies/cut.bin')).toBe(false);

	// More than declared: HTTP takes what is declared; the rest is no request.
	const more = await RawConnection.exchange(
		coordinator.port,
		head('PUT /api/v1/content/lies/long.bin', 'content-length: 4\r\nconnection: close\r\n').concat('fourMORE'),
	);
	expect([201, 400]).toContain(more.status);
	const kept = await anna.raw('GET', '/api/v1/content/lies/long.bin');
	expect(kept.status === 404 || kept.body.toString() === 'four').toBe(true);
	const both = await RawConnection.exchange(
		coordinator.port,
		head(
			'PUT /api/v1/content/lies/both.bin',
			'content-length: 4\r\ntransfer-encoding: chunked\r\nconnection: close\r\n',
		).concat('4\r\nfour\r\n0\r\n\r\n'),
	);
	expect(both.status, 'a smuggler’s request').toBe(400);
	for (const length of ['-1', '1e3', '99999999999999999999', 'four', '4, 5']) {
		const odd = await RawConnection.exchange(
			coordinator.port,
			head('PUT /api/v1/content/lies/odd.bin', `content-length: ${length}\r\nconnection: close\r\n`).concat('four'),
		);
		expect(odd.status, length).toBeGreaterThanOrEqual(400);
		expect(odd.status, length).toBeLessThan(500);
	}
	expect(await exists('/lies/odd.bin')).toBe(false);
});

test('a body that stalls or trickles is cut off; one that is only slow is not', async () => {
	const owner = strict.api;
	const bytes = Buffer.alloc(20_000, 'x');
	const upload = await TusUpload.create(owner, { path: '/slow/tus.bin', size: bytes.length });
	const start = (line: string, more: string) =>
		`${line} HTTP/1.1\r\nhost: 127.0.0.1\r\nauthorization: Bearer ${owner.token}\r\ncontent-length: ${bytes.length}\r\n${more}\r\n`;
	const tus = 'tus-resumable: 1.0.0\r\nupload-offset: 0\r\ncontent-type: application/offset+octet-stream\r\n';
	const heads = [
		start('POST /api/v1/tasks', 'content-type: application/json\r\n'),
		start('PUT /api/v1/content/slow/put.bin', ''),
		start(`PATCH ${upload.location}`, tus),
	];
	const stalled = async (request: string): Promise<void> => {
		using connection = await RawConnection.open(strict.port);
		connection.send(request);
		connection.send('{"type": ');
		const { status } = await connection.closed(10_000);
		expect([0, 408], request).toContain(status);
	};
	await Promise.all(heads.map(stalled));
	expect((await owner.raw('HEAD', '/api/v1/content/slow/put.bin')).status).toBe(404);
	// What came before the stall is kept for the next request, and there is a file when it is whole.
	const offset = await upload.offset();
	expect((await upload.finish(bytes, offset)).file).toMatchObject({ size: bytes.length, version: 1 });
	using proxy = await TcpProxy.listen({ port: strict.port });
	proxy.throttle(8_000, 'up');
	const slow = await owner.at(proxy.url).upload('/slow/steady.bin', bytes);
	expect(slow.file.size).toBe(bytes.length);
});

test('what is larger than allowed is refused, declared or not', async () => {
	const { api } = strict;
	const declared = await api.raw('PUT', '/api/v1/content/big', Buffer.alloc(1_500_000));
	expect([declared.status, JSON.parse(declared.body.toString()).code]).toEqual([413, 'file-too-large']);
	const chunk = Buffer.alloc(100_000);
	async function* undeclared() {
		for (let i = 0; i < 20; i++) yield chunk;
	}
	const { Readable } = await import('node:stream');
	const answer = await api.raw('PUT', '/api/v1/content/big', Readable.from(undeclared())).then(
		({ status }) => status,
		() => 'cut',
	);
	expect([413, 'cut']).toContain(answer);
	expect((await api.raw('HEAD', '/api/v1/content/big')).status).toBe(404);
	await expect(TusUpload.create(api, { path: '/big', size: 1_500_000 })).rejects.toMatchObject({ status: 413 });
});

test('wrong types and unknown fields are named, with the code that the table has for it', async () => {
	for (const [method, path, body, field] of [
		['POST', '/tasks', { type: 7 }, 'type'],
		['POST', '/tasks', { type: 'noop', parameters: [] }, 'parameters'],
		['POST', '/tasks', { type: 'noop', inputs: {} }, 'inputs'],
		['POST', '/tasks', { type: 'noop', inputs: [{ file: '../etc' }] }, 'inputs'],
		['POST', '/tasks', { type: 'noop', priority: '4' }, 'priority'],
		['POST', '/tasks', { type: 'noop', notBefore: 'tomorrow' }, 'notBefore'],
		['POST', '/tasks', { type: 'noop', notBefore: '2026-02-30T00:00:00Z' }, 'notBefore'],
		['POST', '/tasks', { type: 'noop', surprise: 1 }, 'surprise'],
		['POST', '/tasks', { type: 'noop', __proto__x: 1, constructor: 1 }, ''],
		['POST', '/tasks', [], ''],
		['POST', '/tasks', null, ''],
		['POST', '/tasks', 'text', ''],
		['POST', '/tasks:batch', { tasks: 'all' }, 'tasks'],
		['POST', '/tokens', { name: '' }, 'name'],
		['POST', '/tokens', { name: 'x', scopes: ['everything'] }, 'scopes'],
		['POST', '/folders', { path: 5 }, 'path'],
		['GET', '/tasks?limit=0', undefined, 'limit'],
		['GET', '/tasks?limit=many', undefined, 'limit'],
		['GET', '/tasks?state=odd', undefined, 'state'],
		['GET', '/tasks/not-an-id', undefined, ''],
		['GET', '/files/fil_%00', undefined, ''],
		['GET', '/usage?from=yesterday', undefined, 'from'],
		['GET', '/usage?from=1970-01-01T00:00:00Z', undefined, '366 days'],
		['GET', '/usage?from=2026-02-01T00:00:00Z&to=2026-01-01T00:00:00Z', undefined, 'from'],
	] as const) {
		const what = `${method} ${path} ${JSON.stringify(body)}`;
		const text = body === undefined ? undefined : JSON.stringify(body);
		const answer = await anna.raw(method, `/api/v1${path}`, text, text === undefined ? {} : JSON_TYPE);
		expect(answer.status, what).toBeGreaterThanOrEqual(400);
		expect(answer.status, what).toBeLessThan(500);
		expect(answer.headers['content-type'], what).toMatch(/^application\/problem\+json/);
		const problem = JSON.parse(answer.body.toString());
		expect(ERRORS[problem.code as keyof typeof ERRORS]?.status, `${what}: ${problem.code}`).toBe(answer.status);
		expect(JSON.stringify(problem), what).toContain(field);
	}
	for (const text of ['', '{', '{"type":"noop"}x', '\0', '{"type":"noop","type":"noop",}', `${'['.repeat(100_000)}`]) {
		const answer = await anna.raw('POST', '/api/v1/tasks', text, JSON_TYPE);
		expect(answer.status, text.slice(0, 30)).toBe(400);
	}
	const form = await anna.raw('POST', '/api/v1/tasks', 'type=noop', { 'content-type': 'text/csv' });
	expect(form.status).toBe(415);
	const up = await RawConnection.exchange(
		coordinator.port,
		head('GET /api/v1/tasks/../../../etc/passwd', 'connection: close\r\n'),
	);
	expect(up.status).toBe(404);
	for (const [method, path] of [
		['GET', '/api/v1/nothing-here'],
		['GET', '/api/v2/tasks'],
	] as const) {
		expect((await anna.raw(method, path)).status, path).toBe(404);
	}
	expect([404, 405]).toContain((await anna.raw('PATCH', '/api/v1/tasks', '{}', JSON_TYPE)).status);
});

test('prototype names are plain keys', async () => {
	const echo = JSON.parse('{"__proto__": {"polluted": true}, "constructor": {"prototype": {"polluted": true}}}');
	const body = `{"type":"noop","routingKey":"parked.noop","parameters":{"echo":${JSON.stringify(echo)}}}`;
	const answer = await anna.raw('POST', '/api/v1/tasks', body, JSON_TYPE);
	expect([202, 400, 422]).toContain(answer.status);
	const plain = await anna.get<Record<string, unknown>>('/me');
	expect(plain.polluted).toBeUndefined();
});

test('heads without end and without sense are refused', async () => {
	const long = await RawConnection.exchange(
		coordinator.port,
		head('GET /api/v1/me', `x-long: ${'a'.repeat(100_000)}\r\n`),
	);
	expect(long.status).toBe(431);
	for (const request of [
		'GET / HTTP/9.9\r\n\r\n',
		'NONSENSE\r\n\r\n',
		'\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03\r\n\r\n',
		'GET /api/v1/me HTTP/1.1\r\nbad header: x\r\n\r\n',
		`${'A'.repeat(20_000)} / HTTP/1.1\r\n\r\n`,
	]) {
		const reply = await RawConnection.exchange(coordinator.port, request);
		expect([0, 400, 431], request.slice(0, 40)).toContain(reply.status);
	}
	expect((await anna.raw('GET', '/healthz')).status).toBe(200);
});

test('a wrong extension changes nothing: what counts is the content', async () => {
	const { tasks } = await anna.upload('/really-text.jpg', 'this is no picture');
	expect(tasks.map(({ type }) => type).sort()).toEqual(['md5', 'mimetype']);
	const zero = await anna.upload('/zero.jpg', '');
	expect(zero.tasks.map(({ type }) => type).sort()).toEqual(['md5', 'mimetype']);
});
