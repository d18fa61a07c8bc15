import { once } from 'node:events';
import { mkdtempSync } from 'node:fs';
import { createServer as createPlain, type IncomingMessage, type RequestListener, type Server } from 'node:http';
import { createServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { TempFolder } from '../../../test/support/temp-folder.ts';
import { hasOpenssl, makeCertificate } from '../../../test/support/test-certificate.ts';
import type { Profile } from '../../bridge.ts';
import { KnownCoordinators } from './known-coordinators.ts';
import { PassOn } from './pass-on.ts';

const seal = {
	isGood: () => true,
	encrypt: (text: string) => Buffer.from(text).reverse(),
	decrypt: (sealed: Buffer) => Buffer.from(sealed).reverse().toString(),
};

let folder: TempFolder;
let known: KnownCoordinators;
let servers: Server[];
beforeEach(() => {
	folder = new TempFolder();
	servers = [];
	known = open();
});
afterEach(async () => {
	for (const { id } of known.profiles.all) known.lines.cut(id);
	for (const server of servers) {
		server.closeAllConnections();
		if (server.listening) await new Promise((resolve) => server.close(resolve));
	}
	await folder[Symbol.asyncDispose]();
});

const open = () => new KnownCoordinators({ folder: folder.path, seal, version: '0.1.0', onBroken() {}, onJudged() {} });

const listen = async (server: Server, port = 0): Promise<number> => {
	servers.push(server);
	server.listen(port, '127.0.0.1');
	await once(server, 'listening');
	return (server.address() as AddressInfo).port;
};

const add = (url: string): Profile => known.save({ id: null, name: url, url, color: null, isProduction: false });

/** A coordinator played on this machine, without TLS. */
const plain = async (handle: RequestListener): Promise<Profile> =>
	add(`http://127.0.0.1:${await listen(createPlain(handle))}`);

const ask = (profile: Profile, path: string, init?: RequestInit) =>
	known.passOn.answer(profile, new Request(`app://millrace${path}`, init));

const bodyOf = async (request: IncomingMessage): Promise<string> => {
	let text = '';
	for await (const piece of request) text += piece;
	return text;
};

it('adds the session, takes it out again, and lets nothing of the page’s own through', async () => {
	const seen: IncomingMessage['headers'][] = [];
	const profile = await plain((request, response) => {
		seen.push(request.headers);
		response.setHeader('set-cookie', ['__Host-millrace=s3cret; Path=/; HttpOnly', 'other=1']);
		response.setHeader('x-kept', 'yes');
		response.end('{}');
	});
	const answer = await ask(profile, '/api/v1/session', {
		method: 'POST',
		headers: {
			...{ cookie: 'mine=1', authorization: 'Bearer mine', origin: 'app://millrace', 'sec-fetch-site': 'cross-site' },
			...{ 'x-forwarded-for': '10.0.0.1', 'x-millrace-request': '1', 'content-type': 'application/json' },
		},
		body: '{"a":1}',
	});
	expect(answer.headers.get('set-cookie')).toBeNull();
	expect(answer.headers.get('x-kept')).toBe('yes');
	expect(answer.headers.get('content-security-policy')).toMatch(/sandbox$/);
	expect(seen[0]).toMatchObject({ 'x-millrace-request': '1', 'content-length': '7' });
	for (const name of ['cookie', 'authorization', 'origin', 'sec-fetch-site', 'x-forwarded-for'])
		expect(seen[0]).not.toHaveProperty(name);
	await (await ask(profile, '/api/v1/me')).text();
	expect(seen[1]?.cookie).toBe('__Host-millrace=s3cret');
	// It outlives the program, and goes when the coordinator takes it away.
	expect(open().sessions.of(profile.id)).toBe('__Host-millrace=s3cret');
	known.sessions.hear(profile.id, ['__Host-millrace=; Path=/; Max-Age=0']);
	expect(open().sessions.of(profile.id)).toBeNull();
});

it('streams what is long, both ways', async () => {
	const profile = await plain(async (request, response) => {
		const text = await bodyOf(request);
		response.setHeader('x-length', String(request.headers['content-length']));
		response.end(text.repeat(2));
	});
	const text = 'x'.repeat(3_000_000);
	const answer = await ask(profile, '/api/v1/content/a', { method: 'PUT', body: text });
	expect(answer.headers.get('x-length')).toBe('undefined');
	expect((await answer.text()).length).toBe(6_000_000);
});

it('says in words why there is no answer', async () => {
	const profile = await plain((request, response) => {
		if (request.url === '/api/v1/elsewhere') response.writeHead(302, { location: 'https://other.example/' }).end();
		// To everything else it says nothing.
	});
	const quick = new PassOn({ lines: known.lines, sessions: known.sessions, userAgent: 'test', silenceMs: 20 });
	const slow = await quick.answer(profile, new Request('app://millrace/api/v1/slow'));
	expect([slow.status, await slow.json()]).toMatchObject([504, { code: 'coordinator-slow' }]);
	const moved = await ask(profile, '/api/v1/elsewhere');
	expect(await moved.json()).toMatchObject({ code: 'other-server', detail: expect.stringMatching(/other\.example/) });
	servers[0]?.closeAllConnections();
	servers[0]?.close();
	await once(servers[0]!, 'close');
	const gone = await ask(profile, '/api/v1/me');
	expect([gone.status, await gone.json()]).toMatchObject([502, { code: 'coordinator-away' }]);
});

it('reads no answer whole that is longer than any of a coordinator', async () => {
	let megabytes = 3;
	const profile = await plain((_, response) => {
		response.on('error', () => {});
		response.end(Buffer.alloc(megabytes * 1_000_000, 'x'));
	});
	const read = async () => (await known.passOn.fetchFor(profile)('app://millrace/api/v1/me')).text();
	expect(await read()).toHaveLength(3_000_000);
	megabytes = 5;
	await expect(read()).rejects.toThrow(/answers more/);
	expect(await known.lookAt(profile.id)).toMatchObject({ detail: expect.stringMatching(/not a Millrace/) });
});

it('tells what answers at an address', async () => {
	let version = '0.1.7';
	const profile = await plain((request, response) =>
		response.end(request.url === '/healthz' ? JSON.stringify({ status: 'ok', version }) : ''),
	);
	expect(await known.lookAt(profile.id)).toEqual({ kind: 'fine', version: '0.1.7' });
	version = '0.2.0';
	expect(await known.lookAt(profile.id)).toMatchObject({
		kind: 'other-version',
		detail: expect.stringMatching(/newer/),
	});
	version = '0.0.9';
	expect(await known.lookAt(profile.id)).toMatchObject({
		kind: 'other-version',
		detail: expect.stringMatching(/older/),
	});
	version = '<b>';
	expect(await known.lookAt(profile.id)).toMatchObject({
		kind: 'trouble',
		detail: expect.stringMatching(/not a Millrace/),
	});
});

it('takes the certificate that was approved, and sends nothing to any other', async ({ skip }) => {
	skip(!hasOpenssl, 'openssl is not installed');
	const certificates = [0, 1].map(() =>
		makeCertificate({ join: (name: string) => `${mkdtempSync(folder.join('c-'))}/${name}` } as TempFolder),
	);
	let asked = 0;
	const serve = (at: number, port?: number) =>
		listen(
			createServer(certificates[at]!, (_, response) => {
				asked += 1;
				response.end(JSON.stringify({ status: 'ok', version: '0.1.0' }));
			}),
			port,
		);
	const port = await serve(0);
	const profile = add(`https://127.0.0.1:${port}`);
	const first = await known.lookAt(profile.id);
	if (first.kind !== 'new-certificate') throw new Error(first.kind);
	expect(first.certificate).toMatchObject({ subject: 'CN=localhost', isVouched: false });
	expect(() => known.approve(profile.id, first.certificate.fingerprint.replace(/../, 'ZZ'))).toThrow(
		/another certificate/,
	);
	expect(asked).toBe(0);
	known.approve(profile.id, first.certificate.fingerprint);
	expect(await known.lookAt(profile.id)).toMatchObject({ kind: 'fine' });
	expect(asked).toBe(1);

	servers[0]?.closeAllConnections();
	servers[0]?.close();
	await once(servers[0]!, 'close');
	await serve(1, port);
	const second = await known.lookAt(profile.id);
	expect(second).toMatchObject({ kind: 'other-certificate', approved: first.certificate.fingerprint });
	const refused = await ask(profile, '/api/v1/me');
	expect(await refused.json()).toMatchObject({ code: 'certificate-refused' });
	expect(asked).toBe(1);
	// An address elsewhere is another server: nothing that was approved counts there.
	const moved = known.save({ ...profile, url: 'https://127.0.0.1:1' });
	expect(known.pemOf(moved)).toBeNull();
});
