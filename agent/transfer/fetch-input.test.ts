import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { SeededRandom } from '../../test/support/seeded-random.ts';
import { TempFolder } from '../../test/support/temp-folder.ts';
import { CoordinatorHttp } from './coordinator-http.ts';
import { fetchInput } from './fetch-input.ts';
import { GiveBack, TransferFailure } from './transfer-error.ts';

type Answer = (request: IncomingMessage, response: ServerResponse) => void;

const folder = new TempFolder();
const content = new SeededRandom(3).bytes(400_000);
const input = { sha256: createHash('sha256').update(content).digest('hex'), size: content.length };
const ref = { task: `tsk_${'0'.repeat(26)}`, attempt: 2, token: 'f'.repeat(32) };

/** Answers in this order; the last one again and again. */
let script: Answer[] = [];
let requests: { url: string; range: string | undefined; authorization: string | undefined }[] = [];
const server = createServer((request, response) => {
	const { range, authorization } = request.headers;
	requests.push({ url: request.url ?? '', range, authorization });
	const answer = script.length > 1 ? script.shift() : script[0];
	answer?.(request, response);
});
let http: CoordinatorHttp;

beforeAll(async () => {
	await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
	http = new CoordinatorHttp(`http://127.0.0.1:${(server.address() as AddressInfo).port}/below/`, 2);
});
afterEach(() => {
	requests = [];
});
afterAll(async () => {
	await http.close();
	server.closeAllConnections();
	server.close();
	await folder[Symbol.asyncDispose]();
});

const rest = (request: IncomingMessage): number => Number(/^bytes=(\d+)-$/.exec(request.headers.range ?? '')?.[1] ?? 0);
const whole: Answer = (request, response) => {
	const from = rest(request);
	const headers: Record<string, string | number> = { 'content-length': content.length - from };
	if (from > 0) headers['content-range'] = `bytes ${from}-${content.length - 1}/${content.length}`;
	response.writeHead(from > 0 ? 206 : 200, headers).end(content.subarray(from));
};
/** Sends so many bytes of what was asked for, and is gone. */
const cutAfter =
	(bytes: number): Answer =>
	(request, response) => {
		const from = rest(request);
		response.writeHead(from > 0 ? 206 : 200, { 'content-length': content.length - from });
		response.write(content.subarray(from, from + bytes), () => setTimeout(() => response.destroy(), 20));
	};
const status =
	(status: number, code = 'x'): Answer =>
	(_, response) =>
		void response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify({ code }));
const damaged: Answer = (_, response) => {
	const flipped = Buffer.from(content);
	flipped.writeUInt8((flipped[77] ?? 0) ^ 1, 77);
	response.writeHead(200).end(flipped);
};

let files = 0;
const fetch = async (answers: Answer[], options: { signal?: AbortSignal; size?: number; patienceMs?: number } = {}) => {
	script = answers;
	const path = folder.join(`input-${++files}`);
	let bytes = 0;
	await fetchInput(
		http,
		ref,
		{ ...input, size: options.size ?? input.size },
		{
			path,
			signal: options.signal ?? new AbortController().signal,
			...(options.patienceMs === undefined ? {} : { patienceMs: options.patienceMs }),
			onBytes: (count) => {
				bytes += count;
			},
		},
	);
	return { got: await readFile(path), bytes };
};

describe('an input', () => {
	it('is asked for under the attempt’s token, below the coordinator’s own path', async () => {
		const { got, bytes } = await fetch([whole]);
		expect(got.equals(content)).toBe(true);
		expect(bytes).toBe(content.length);
		const url = `/below/api/v1/agent/attempts/${ref.task}/2/inputs/${input.sha256}`;
		expect(requests).toEqual([{ url, range: undefined, authorization: `Attempt ${ref.token}` }]);
	});

	it('goes on where it was cut, however often', async () => {
		const { got, bytes } = await fetch([cutAfter(100_000), cutAfter(1), cutAfter(150_000), whole]);
		expect(got.equals(content)).toBe(true);
		expect(bytes).toBe(content.length);
		expect(requests.map(({ range }) => range)).toEqual([undefined, 'bytes=100000-', 'bytes=100001-', 'bytes=250001-']);
	});

	it('begins anew when the server does not go on', async () => {
		const all: Answer = (_, response) => void response.writeHead(200).end(content);
		const { got } = await fetch([cutAfter(100_000), all]);
		expect(got.equals(content)).toBe(true);
		const { got: again } = await fetch([cutAfter(100_000), status(416), all]);
		expect(again.equals(content)).toBe(true);
	});

	it('is fetched once more when it arrives damaged, and then given up', async () => {
		const { got } = await fetch([damaged, whole]);
		expect(got.equals(content)).toBe(true);
		const failure = { class: 'transient', code: 'input-damaged' };
		const attempt = fetch([damaged]);
		await expect(attempt).rejects.toBeInstanceOf(TransferFailure);
		await expect(attempt).rejects.toMatchObject({ failure });
	});

	it('that never ends is not read beyond its announced size', async () => {
		let sent = 0;
		const endless: Answer = (_, response) => {
			response.writeHead(200);
			const more = () => {
				for (let i = 0; i < 16 && !response.destroyed; i++) {
					sent += 65_536;
					if (!response.write(Buffer.alloc(65_536))) break;
				}
				if (!response.destroyed) response.once('drain', more);
			};
			more();
		};
		await expect(fetch([endless])).rejects.toBeInstanceOf(TransferFailure);
		expect(sent).toBeLessThan(40_000_000);
	});

	it('is given back when the attempt or the node is no longer one that may ask', async () => {
		const refusals = [status(409, 'stale-attempt'), status(403, 'node-revoked'), status(401, 'unauthenticated')];
		for (const refusal of refusals) await expect(fetch([refusal])).rejects.toBeInstanceOf(GiveBack);
		expect(requests).toHaveLength(3);
	});

	it('that the coordinator has lost, or will not give, ends the attempt at once, as a failure that counts', async () => {
		const lost = { failure: { class: 'permanent', code: 'input-lost' } };
		await expect(fetch([status(410, 'content-lost')])).rejects.toMatchObject(lost);
		const changed = { failure: { class: 'permanent', code: 'input-changed' } };
		await expect(fetch([status(410, 'content-changed')])).rejects.toMatchObject(changed);
		const refused = { failure: { class: 'transient', code: 'input-refused' } };
		await expect(fetch([status(403, 'forbidden')])).rejects.toMatchObject(refused);
		expect(requests).toHaveLength(3);
	});

	it('is waited for while the coordinator, or what is in between, has trouble', async () => {
		const { got } = await fetch([
			status(503, 'overloaded'),
			status(503, 'directory-missing'),
			status(500),
			status(404),
			whole,
		]);
		expect(got.equals(content)).toBe(true);
	});

	it.each([
		['the coordinator only ever has trouble', status(500, 'internal')],
		['it always ends too early', ((_, response) => void response.end(content.subarray(0, 9))) as Answer],
		['nobody answers', ((_, response) => void response.destroy()) as Answer],
	])('is not waited for without end when %s', { timeout: 15_000 }, async (_, answer) => {
		const failure = { class: 'transient', code: 'input-unreachable' };
		await expect(fetch([answer], { patienceMs: 1 })).rejects.toMatchObject({ failure });
		expect(requests.length).toBeGreaterThanOrEqual(5);
	});

	it('is not given up as long as more arrives, however long that takes', { timeout: 15_000 }, async () => {
		const { got } = await fetch([...Array.from({ length: 9 }, () => cutAfter(1)), whole], { patienceMs: 1 });
		expect(got.equals(content)).toBe(true);
	});

	it('is let go when nobody wants it any more', async () => {
		const abort = new AbortController();
		const silent: Answer = (_, response) => {
			response.writeHead(200, { 'content-length': content.length });
			response.write(content.subarray(0, 10));
			setTimeout(() => abort.abort(new Error('cancelled')), 30);
		};
		await expect(fetch([silent], { signal: abort.signal })).rejects.toThrow(/cancelled|abort/i);
	});

	it('of no bytes is no exception', async () => {
		const path = folder.join('empty');
		script = [(_, response) => void response.writeHead(200, { 'content-length': 0 }).end()];
		const empty = { sha256: createHash('sha256').digest('hex'), size: 0 };
		await fetchInput(http, ref, empty, { path, signal: new AbortController().signal, onBytes: () => {} });
		expect(await readFile(path)).toHaveLength(0);
	});
});
