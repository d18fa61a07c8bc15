import { createHash } from 'node:crypto';
import { writeFile } from 'node:fs/promises';
import { createServer, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { TempFolder } from '../../test/support/temp-folder.ts';
import { CoordinatorHttp } from './coordinator-http.ts';
import { GiveBack } from './transfer-error.ts';
import { uploadOutput } from './upload-output.ts';

type Answer = (body: Buffer, response: ServerResponse) => void;

const folder = new TempFolder();
const content = Buffer.from('an output');
const ref = { task: `tsk_${'0'.repeat(26)}`, attempt: 1, token: 'f'.repeat(32) };

/** Answers in this order; the last one again and again. */
let script: Answer[] = [];
let requests = 0;
const server = createServer(async (request, response) => {
	requests += 1;
	const pieces: Buffer[] = [];
	for await (const piece of request) pieces.push(piece);
	const answer = script.length > 1 ? script.shift() : script[0];
	answer?.(Buffer.concat(pieces), response);
});
let http: CoordinatorHttp;

beforeAll(async () => {
	await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
	http = new CoordinatorHttp(`http://127.0.0.1:${(server.address() as AddressInfo).port}`, 2);
	await writeFile(folder.join('o.txt'), content);
});
beforeEach(() => {
	requests = 0;
});
afterAll(async () => {
	await http.close();
	server.closeAllConnections();
	server.close();
	await folder[Symbol.asyncDispose]();
});

const taken: Answer = (body, response) => {
	const sha256 = createHash('sha256').update(body).digest('hex');
	response.end(JSON.stringify({ sha256, size: body.length }));
};
const refusal =
	(status: number, code: string): Answer =>
	(_, response) =>
		void response.writeHead(status).end(JSON.stringify({ code }));
const page: Answer = (_, response) => void response.writeHead(403).end('<h1>Forbidden</h1>');
const cut: Answer = (_, response) => void response.destroy();

const upload = (answers: Answer[], patienceMs?: number) => {
	script = answers;
	const output = { name: 'o.txt', path: folder.join('o.txt'), size: content.length, mediaType: 'text/plain' };
	const options = { signal: new AbortController().signal, ...(patienceMs === undefined ? {} : { patienceMs }) };
	return uploadOutput(http, ref, output, options);
};

describe('an output', () => {
	it('is handed over, over cuts and trouble on the way', async () => {
		const uploaded = await upload([cut, refusal(503, 'overloaded'), page, taken]);
		expect(uploaded).toMatchObject({ name: 'o.txt', size: content.length, mediaType: 'text/plain' });
		expect(requests).toBe(4);
	});

	it('is given back with its attempt when that is not this node’s any more', async () => {
		for (const answer of [refusal(409, 'stale-attempt'), refusal(403, 'node-revoked')]) {
			await expect(upload([answer])).rejects.toBeInstanceOf(GiveBack);
		}
		expect(requests).toBe(2);
	});

	it('that the coordinator will never take ends the attempt, as a failure that counts', async () => {
		const named = { failure: { class: 'permanent', code: 'output-refused' } };
		await expect(upload([refusal(400, 'bad-path')])).rejects.toMatchObject(named);
		const large = { failure: { class: 'resource', code: 'output-limit' } };
		await expect(upload([refusal(413, 'file-too-large')])).rejects.toMatchObject(large);
		expect(requests).toBe(2);
	});

	it.each([
		['trouble', refusal(500, 'internal')],
		['cuts', cut],
		['a proxy’s pages', page],
		['other content', ((_, response) => taken(Buffer.from('another'), response)) as Answer],
	])('is not tried without end against %s', { timeout: 15_000 }, async (_, answer) => {
		const failure = { class: 'transient', code: 'output-unreachable' };
		await expect(upload([answer], 1)).rejects.toMatchObject({ failure });
		expect(requests).toBeGreaterThanOrEqual(5);
	});

	it('goes back when the coordinator’s disk stays full: that is nobody’s fault', { timeout: 15_000 }, async () => {
		await expect(upload([refusal(507, 'disk-full')], 1)).rejects.toBeInstanceOf(GiveBack);
	});
});
