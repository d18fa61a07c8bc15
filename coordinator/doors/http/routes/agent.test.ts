import { createHash, randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { readdir, rm, truncate } from 'node:fs/promises';
import type { ServerResponse } from 'node:http';
import { Readable } from 'node:stream';
import type { FastifyInstance } from 'fastify';
import { pino } from 'pino';
import { request } from 'undici';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { CodedError } from '../../../../shared/coded-error.ts';
import { serveRoutes } from '../../../../test/support/bare-routes.ts';
import { TempFolder } from '../../../../test/support/temp-folder.ts';
import { waitFor } from '../../../../test/support/wait-for.ts';
import { AttemptOutputs } from '../../../agents/attempt-outputs.ts';
import { BlobStore } from '../../../files/blob-store.ts';
import type { Lease } from '../../../queue/open-task.ts';
import { agentRoutes } from './agent.ts';

const TASK = `tsk_${'0'.repeat(26)}`;
const TOKEN = 'a'.repeat(32);
const OUTPUT_BYTES = 1_000;
const hashOf = (content: Buffer) => createHash('sha256').update(content).digest('hex');

let folder: TempFolder;
let blobs: BlobStore;
let outputs: AttemptOutputs;
let server: FastifyInstance;
let url: string;
let lease: Lease | null;
let trusted: boolean;
let joins: unknown[];

const content = randomBytes(300_000);
const other = randomBytes(10);

const keep = async (bytes: Buffer) =>
	(await blobs.keep(await blobs.stage(Readable.from([bytes]), { maxBytes: 1e9 })))();

beforeEach(async () => {
	folder = new TempFolder();
	blobs = await BlobStore.open({ folder: folder.join('blobs'), staging: folder.join('staging'), watermark: 0 });
	await keep(content);
	await keep(other);
	outputs = new AttemptOutputs({ blobs, logger: pino({ level: 'silent' }) });
	trusted = true;
	joins = [];
	lease = {
		id: TASK,
		attempt: 2,
		token: TOKEN,
		node: 'nod_1',
		task: {
			manifest: { limits: { outputBytes: OUTPUT_BYTES } },
			payload: {
				id: TASK,
				parameters: '{}',
				inputs: JSON.stringify([{ sha256: hashOf(content), size: content.length }]),
			},
		},
	} as unknown as Lease;
	({ url, server } = await serveRoutes(
		agentRoutes({
			agents: {
				joining: {
					async join(wish: unknown) {
						joins.push(wish);
						throw new CodedError('node-token-invalid');
					},
				},
				nodes: { isTrusted: () => trusted },
			} as unknown as Parameters<typeof agentRoutes>[0]['agents'],
			queue: {
				liveAttempt: ({ task, attempt, token }) =>
					lease && lease.id === task && lease.attempt === attempt && lease.token === token ? lease : undefined,
			},
			outputs,
			blobs,
			contents: blobs,
		}),
	));
});
afterEach(async () => {
	server.server.closeAllConnections();
	await server.close();
	await folder[Symbol.asyncDispose]();
});

const AUTH = { authorization: `Attempt ${TOKEN}` };
const call = async (
	method: 'GET' | 'PUT' | 'POST',
	path: string,
	headers: Record<string, string>,
	body: Buffer | Readable | string | null = null,
) => {
	const answer = await request(url + path, { method, headers, body });
	const bytes = Buffer.from(await answer.body.arrayBuffer());
	const isJson = /json/.test(String(answer.headers['content-type']));
	return { status: answer.statusCode, headers: answer.headers, bytes, json: isJson ? JSON.parse(String(bytes)) : null };
};
const attemptPath = `/api/v1/agent/attempts/${TASK}/2`;
const input = (sha256: string, headers: Record<string, string> = AUTH) =>
	call('GET', `${attemptPath}/inputs/${sha256}`, headers);
const output = (name: string, body: Buffer, headers: Record<string, string> = AUTH) =>
	call('PUT', `${attemptPath}/outputs/${encodeURIComponent(name)}`, { ...headers, 'content-type': 'image/webp' }, body);
const staged = () => readdir(folder.join('staging'));

describe('an agent', () => {
	test('fetches an input of its attempt, whole or from where it was cut', async () => {
		const whole = await input(hashOf(content));
		expect([whole.status, whole.bytes.equals(content), whole.headers.etag]).toEqual([
			200,
			true,
			`"${hashOf(content)}"`,
		]);
		const rest = await input(hashOf(content), { ...AUTH, range: 'bytes=299990-' });
		expect([rest.status, rest.bytes.equals(content.subarray(299_990))]).toEqual([206, true]);
		expect((await input(hashOf(content), { ...AUTH, range: 'bytes=300000-' })).status).toBe(416);
	});

	test('is told for good when the input is lost on the disk', async () => {
		await truncate(blobs.pathOf(hashOf(content)), 5);
		expect((await input(hashOf(content))).json).toMatchObject({ code: 'content-lost' });
		await rm(blobs.pathOf(hashOf(content)));
		const answer = await input(hashOf(content), { ...AUTH, range: 'bytes=10-' });
		expect([answer.status, answer.json.code]).toEqual([410, 'content-lost']);
	});

	test('gets no other content, however well it knows its hash', async () => {
		expect((await input(hashOf(other))).json).toMatchObject({ code: 'forbidden' });
	});

	test.each([
		['no token', {}, 401, 'unauthenticated'],
		['a bearer token', { authorization: `Bearer ${TOKEN}` }, 401, 'unauthenticated'],
		['another token', { authorization: `Attempt ${'b'.repeat(32)}` }, 409, 'stale-attempt'],
	])('with %s is refused', async (_, headers, status, code) => {
		for (const answer of [await input(hashOf(content), headers), await output('a', Buffer.from('x'), headers)]) {
			expect([answer.status, answer.json.code]).toEqual([status, code]);
		}
		expect(await staged()).toEqual([]);
	});

	test('of a revoked node gets and gives nothing, although its attempt is still live', async () => {
		trusted = false;
		expect((await input(hashOf(content))).json.code).toBe('node-revoked');
		expect((await output('a', Buffer.from('x'))).json.code).toBe('node-revoked');
	});

	test('of a node that is revoked meanwhile, or that has lost the attempt, gets no more of an input', async () => {
		// More than lies in sockets and buffers while nobody reads.
		const large = Buffer.alloc(30_000_000, 1);
		await keep(large);
		const inputs = JSON.stringify([{ sha256: hashOf(large), size: large.length }]);
		const mine = { ...lease!, task: { ...lease!.task, payload: { ...lease!.task.payload, inputs } } } as Lease;
		for (const lose of [
			() => {
				trusted = false;
			},
			() => {
				lease = null;
			},
		]) {
			lease = mine;
			trusted = true;
			const responses: ServerResponse[] = [];
			server.server.once('request', (_, response) => responses.push(response));
			const answer = await request(`${url}${attemptPath}/inputs/${hashOf(large)}`, { headers: AUTH });
			lose();
			await once(responses[0]!, 'close');
			expect([answer.statusCode, responses[0]!.writableFinished]).toEqual([200, false]);
			await expect(answer.body.arrayBuffer()).rejects.toThrow();
		}
	});

	test('hands over outputs, which are there for the settlement', async () => {
		const body = randomBytes(500);
		const answer = await output('thumb.webp', body);
		expect([answer.status, answer.json]).toEqual([200, { sha256: hashOf(body), size: 500 }]);
		const found = outputs.find({ token: TOKEN }, 'thumb.webp');
		expect(found?.at).toEqual({ content: body });
		const ref = { task: TASK, attempt: 2, token: TOKEN };
		expect(outputs.has(ref, 'thumb.webp', hashOf(body), 500)).toBe(true);
		expect(outputs.has(ref, 'thumb.webp', hashOf(other), 500)).toBe(false);
		expect(outputs.find({ token: 'e'.repeat(32) }, 'thumb.webp')).toBeNull();
	});

	test('replaces an output by sending it again', async () => {
		await output('a', randomBytes(900));
		const body = randomBytes(800);
		expect((await output('a', body)).status).toBe(200);
		expect(outputs.find({ token: TOKEN }, 'a')?.sha256).toBe(hashOf(body));
		const ref = { task: TASK, attempt: 2, token: TOKEN };
		expect(outputs.has(ref, 'a', hashOf(body), 800)).toBe(true);
		expect(outputs.size).toBe(1);
	});

	test('may hand over so many bytes in all, also in parallel', async () => {
		const answers = await Promise.all(['a', 'b', 'c', 'd'].map((name) => output(name, randomBytes(400))));
		expect(answers.map(({ status }) => status).sort()).toEqual([200, 200, 413, 413]);
		expect((await output('e', randomBytes(201))).json.code).toBe('file-too-large');
		expect((await output('e', randomBytes(200))).status).toBe(200);
		const kept = ['a', 'b', 'c', 'd', 'e'].filter((name) => outputs.find({ token: TOKEN }, name));
		expect(kept).toHaveLength(3);
	});

	test.each(['../x', 'a/b', '..', 'a\0b', 'x'.repeat(256), 'a\nb', ''])('cannot name an output %j', async (name) => {
		const answer = await output(name, Buffer.from('x'));
		expect(answer.status).toBeGreaterThanOrEqual(400);
		expect(answer.status).toBeLessThan(500);
		expect(outputs.size).toBe(0);
		expect(await staged()).toEqual([]);
	});

	test('must say how long an output is', async () => {
		const answer = await call('PUT', `${attemptPath}/outputs/a`, AUTH, Readable.from([Buffer.from('x')]));
		expect(answer.json.code).toBe('length-required');
	});

	test('that is cut leaves nothing, and whose attempt ends meanwhile is told so', async () => {
		const abort = new AbortController();
		let begun: () => void = () => {};
		const arriving = new Promise<void>((resolve) => {
			begun = resolve;
		});
		async function* slowly(end: Promise<unknown>) {
			yield Buffer.alloc(100);
			begun();
			await end;
			yield Buffer.alloc(100);
		}
		const headers = { ...AUTH, 'content-length': '200' };
		const cut = request(`${url}${attemptPath}/outputs/a`, {
			method: 'PUT',
			headers,
			body: Readable.from(slowly(new Promise(() => {}))),
			signal: abort.signal,
		});
		await arriving;
		await waitFor('the upload to begin', () => outputs.size === 1);
		abort.abort();
		await expect(cut).rejects.toThrow();
		await waitFor('nothing to be kept', () => outputs.size === 0);
		let end: (value: unknown) => void = () => {};
		const late = call(
			'PUT',
			`${attemptPath}/outputs/a`,
			headers,
			Readable.from(
				slowly(
					new Promise((resolve) => {
						end = resolve;
					}),
				),
			),
		);
		await waitFor('the upload to begin', () => outputs.size === 1);
		lease = null;
		outputs.discard({ token: TOKEN });
		end(null);
		expect((await late).json.code).toBe('stale-attempt');
		await waitFor('staging to be empty', async () => (await staged()).length === 0);
		expect(outputs.size).toBe(0);
	});

	test('has its outputs thrown away when the attempt is over', async () => {
		await output('a', randomBytes(10));
		await output('b', randomBytes(10));
		outputs.discard({ token: TOKEN });
		expect(outputs.size).toBe(0);
		await waitFor('staging to be empty', async () => (await staged()).length === 0);
	});

	test('joins by a well-formed wish only', async () => {
		const headers = { 'content-type': 'application/json' };
		const join = (wish: unknown) => call('POST', '/api/v1/agent/join', headers, JSON.stringify(wish));
		const wish = { token: 'mnt_x', name: 'lab', publicKey: 'A'.repeat(43) };
		expect((await join(wish)).json.code).toBe('node-token-invalid');
		for (const change of [{ name: '../x' }, { publicKey: 'A'.repeat(44) }, { token: '' }, { more: 1 }]) {
			expect((await join({ ...wish, ...change })).json.code).toBe('invalid');
		}
		expect(joins).toEqual([wish]);
	});
});
