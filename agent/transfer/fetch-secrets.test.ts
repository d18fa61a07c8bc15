import { createServer, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest';
import { CoordinatorHttp } from './coordinator-http.ts';
import { fetchSecrets } from './fetch-secrets.ts';
import { GiveBack } from './transfer-error.ts';

type Answer = (response: ServerResponse) => void;
const ref = { task: `tsk_${'0'.repeat(26)}`, attempt: 3, token: 'a'.repeat(32) };
let script: Answer[] = [];
let asked: { url: string | undefined; authorization: string | undefined }[] = [];
const server = createServer((request, response) => {
	asked.push({ url: request.url, authorization: request.headers.authorization });
	(script.length > 1 ? script.shift() : script[0])?.(response);
});
let http: CoordinatorHttp;

beforeAll(async () => {
	await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
	http = new CoordinatorHttp(`http://127.0.0.1:${(server.address() as AddressInfo).port}`, 2);
});
beforeEach(() => {
	asked = [];
});
afterAll(async () => {
	await http.close();
	server.closeAllConnections();
	server.close();
});

const value =
	(text: string): Answer =>
	(response) =>
		void response.end(JSON.stringify({ value: text }));
const refusal =
	(status: number, code: string): Answer =>
	(response) =>
		void response.writeHead(status).end(JSON.stringify({ code }));
const fetch = (answers: Answer[], slots = ['token']) => {
	script = answers;
	return fetchSecrets(http, ref, slots, { signal: new AbortController().signal, patienceMs: 1 });
};

it('asks for each under the attempt’s token', async () => {
	expect(await fetch([value('one'), value('two')], ['a', 'b'])).toEqual({ a: 'one', b: 'two' });
	const path = `/api/v1/agent/attempts/${ref.task}/3/secrets`;
	expect(asked).toEqual(['a', 'b'].map((slot) => ({ url: `${path}/${slot}`, authorization: `Attempt ${ref.token}` })));
});

it('waits while the coordinator has trouble, or something else answers', async () => {
	const page: Answer = (response) => void response.end('<html>');
	expect(await fetch([refusal(503, 'overloaded'), page, value('one')])).toEqual({ token: 'one' });
});

it('gives back what is not this node’s any more', async () => {
	await expect(fetch([refusal(409, 'stale-attempt')])).rejects.toBeInstanceOf(GiveBack);
	await expect(fetch([refusal(403, 'node-revoked')])).rejects.toBeInstanceOf(GiveBack);
});

it('fails for good when the secret is gone or not the task’s', async () => {
	await expect(fetch([refusal(422, 'secret-missing')])).rejects.toMatchObject({
		failure: { class: 'permanent', code: 'secret-missing' },
	});
	await expect(fetch([refusal(403, 'forbidden')])).rejects.toMatchObject({
		failure: { class: 'permanent', code: 'secret-refused' },
	});
	expect(asked).toHaveLength(2);
});

it('does not wait for ever, and does not tell what came instead', async () => {
	const damaged: Answer = (response) => void response.end('{"value": 7, "canary": 1}');
	const asking = fetch([damaged]);
	await expect(asking).rejects.toMatchObject({ failure: { class: 'transient', code: 'secret-unreachable' } });
	await expect(asking).rejects.not.toThrow(/canary/);
}, 15_000);
