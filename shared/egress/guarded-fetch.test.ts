import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { gzipSync } from 'node:zlib';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { EgressTrouble } from './egress-failure.ts';
import { guardedDownload, guardedFetch, guardedTell } from './guarded-fetch.ts';
import { guardedLookup, type Resolve } from './guarded-lookup.ts';
import type { GuardedOptions } from './guarded-request.ts';

type Answer = (request: IncomingMessage, response: ServerResponse) => void;
let server: Server;
let port: number;
let answers: Record<string, Answer>;
let asked: { url: string; method: string; headers: IncomingMessage['headers'] }[];

beforeEach(async () => {
	asked = [];
	answers = {};
	server = createServer((request, response) => {
		const url = request.url ?? '';
		asked.push({ url, method: request.method ?? '', headers: request.headers });
		(answers[url] ?? ((_, missing) => void missing.writeHead(404).end()))(request, response);
	});
	await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
	port = (server.address() as AddressInfo).port;
});
afterEach(async () => {
	server.closeAllConnections();
	await new Promise((done) => server.close(done));
});

const here: Resolve = async () => [{ address: '127.0.0.1', family: 4 }];
const options = (more: Partial<GuardedOptions> = {}): GuardedOptions => ({
	allow: [`feeds.test:${port}`, `other.test:${port}`],
	resolve: here,
	...more,
});
const at = (path: string, host = 'feeds.test') => `http://${host}:${port}${path}`;
const redirect =
	(location: string, status = 302): Answer =>
	(_, response) =>
		void response.writeHead(status, { location }).end();
const trouble = (kind: EgressTrouble) => ({ name: 'EgressFailure', trouble: kind });

describe('an answer', () => {
	it('is had whole, with its headers and where it came from', async () => {
		answers['/a'] = (_, response) => void response.writeHead(200, { etag: '"1"' }).end('hello');
		const got = await guardedFetch(at('/a'), options({ headers: { Accept: 'text/plain' } }));
		expect(got).toMatchObject({ status: 200, url: at('/a'), body: Buffer.from('hello') });
		expect(got.headers.etag).toBe('"1"');
		expect(asked[0]?.headers).toMatchObject({ 'accept-encoding': 'identity', accept: 'text/plain' });
	});

	it('that only counts by its status is not waited for, however long it goes on', async () => {
		answers['/hook'] = (_, response) => void response.writeHead(200).write('and so on'.repeat(10_000));
		const told = { ...options({ method: 'POST', body: '{}' }), totalMs: 30_000 };
		expect(await guardedTell(at('/hook'), told)).toEqual({ status: 200 });
		expect(asked).toMatchObject([{ method: 'POST' }]);
		await expect(guardedTell('https://10.0.0.1/', told)).rejects.toMatchObject({ code: 'address-refused' });
	});

	it('that is pressed is unpacked, and bounded by what it is unpacked', async () => {
		const gzip: Answer = (_, response) =>
			void response.writeHead(200, { 'content-encoding': 'gzip' }).end(gzipSync(Buffer.alloc(1_000_000)));
		answers['/g'] = gzip;
		expect((await guardedFetch(at('/g'), options())).body).toHaveLength(1_000_000);
		await expect(guardedFetch(at('/g'), options({ maxBytes: 999_999 }))).rejects.toMatchObject(
			trouble('answer-too-large'),
		);
		answers['/br'] = (_, response) => void response.writeHead(200, { 'content-encoding': 'br' }).end('x');
		await expect(guardedFetch(at('/br'), options())).rejects.toMatchObject(trouble('bad-encoding'));
	});

	it('without an end is cut at the size that is read', async () => {
		let cut!: () => void;
		const wasCut = new Promise<void>((resolve) => {
			cut = resolve;
		});
		answers['/endless'] = (_, response) => {
			response.writeHead(200);
			response.once('close', cut);
			const more = () => {
				while (!response.destroyed && response.write(Buffer.alloc(65_536)));
				if (!response.destroyed) response.once('drain', more);
			};
			more();
		};
		await expect(guardedFetch(at('/endless'), options({ maxBytes: 1_000_000 }))).rejects.toMatchObject(
			trouble('answer-too-large'),
		);
		await wasCut;
	});

	it('that dribbles is given up after the time it may take', async () => {
		answers['/slow'] = (_, response) => {
			response.writeHead(200);
			const timer = setInterval(() => response.write('x'), 10);
			response.once('close', () => clearInterval(timer));
		};
		await expect(guardedFetch(at('/slow'), options({ totalMs: 150 }))).rejects.toMatchObject(trouble('timed-out'));
	});

	it('that does not come is given up', async () => {
		answers['/never'] = () => {};
		await expect(guardedFetch(at('/never'), options({ totalMs: 100 }))).rejects.toMatchObject(trouble('timed-out'));
		server.closeAllConnections();
		await new Promise((done) => server.close(done));
		await expect(guardedFetch(at('/gone'), options())).rejects.toMatchObject(trouble('unreachable'));
		server.listen(0, '127.0.0.1');
	});

	it('that nobody wants any more is let go with the reason of who does not', async () => {
		const abort = new AbortController();
		answers['/never'] = () => abort.abort(new Error('cancelled'));
		await expect(guardedFetch(at('/never'), options({ signal: abort.signal }))).rejects.toThrow('cancelled');
	});

	it('that is large is handed on as it comes, and no faster than it is taken', async () => {
		answers['/big'] = (_, response) => void response.writeHead(200).end(Buffer.alloc(3_000_000, 'x'));
		let taken = 0;
		const onChunk = async (chunk: Buffer) => {
			await new Promise((resolve) => setImmediate(resolve));
			taken += chunk.length;
		};
		const got = await guardedDownload(at('/big'), { ...options(), maxBytes: 3_000_000, onChunk });
		expect(got).toMatchObject({ status: 200, bytes: 3_000_000 });
		expect(taken).toBe(3_000_000);
	});
});

it('goes back to who takes it when he fails, as he failed', async () => {
	answers['/a'] = (_, response) => void response.end('x');
	const full = Object.assign(new Error('full'), { code: 'ENOSPC' });
	const failing = { onChunk: () => Promise.reject(full) };
	await expect(guardedDownload(at('/a'), { ...options(), maxBytes: 10, ...failing })).rejects.toBe(full);
	const refusing = {
		onAnswer: () => {
			throw full;
		},
		onChunk: () => {},
	};
	await expect(guardedDownload(at('/a'), { ...options(), maxBytes: 10, ...refusing })).rejects.toBe(full);
});

describe('a redirect', () => {
	it('is followed, and what is secret stays with whom it was meant for', async () => {
		answers['/a'] = redirect('/b', 301);
		answers['/b'] = redirect(at('/c', 'other.test'), 307);
		answers['/c'] = (_, response) => void response.end('there');
		const secrets = { authorization: 'Bearer x', cookie: 'a=b', 'x-api-key': 'k', 'if-none-match': '"1"' };
		const got = await guardedFetch(at('/a'), options({ headers: secrets }));
		expect(got).toMatchObject({ url: at('/c', 'other.test'), body: Buffer.from('there') });
		expect(asked[1]?.headers).toMatchObject(secrets);
		expect(asked[2]?.headers).toMatchObject({ 'if-none-match': '"1"' });
		for (const name of ['authorization', 'cookie', 'x-api-key']) expect(asked[2]?.headers).not.toHaveProperty(name);
	});

	it.each([
		'http://127.0.0.1/',
		'https://[::1]/',
		'https://169.254.169.254/latest/meta-data/',
		'https://2130706433/',
		'https://inside.test/',
		'file:///etc/passwd',
		'https://user:pw@feeds.test/',
	])('to %s is not', async (location) => {
		answers['/a'] = redirect(location);
		const asking = guardedFetch(at('/a'), options({ http: true }));
		await expect(asking).rejects.toMatchObject({ code: 'address-refused' });
		expect(asked).toHaveLength(1);
	});

	it('to nowhere, or without an end, is a failure of the other side', async () => {
		answers['/a'] = redirect('http://[');
		await expect(guardedFetch(at('/a'), options())).rejects.toMatchObject(trouble('bad-redirect'));
		answers['/loop'] = redirect('/loop');
		await expect(guardedFetch(at('/loop'), options())).rejects.toMatchObject(trouble('too-many-redirects'));
		expect(asked.filter(({ url }) => url === '/loop')).toHaveLength(6);
	});

	it('is the answer for who wants none followed', async () => {
		answers['/a'] = redirect('/b');
		expect(await guardedFetch(at('/a'), options({ redirects: 0 }))).toMatchObject({ status: 302 });
		expect(asked).toHaveLength(1);
	});

	it('never posts to another place what was posted to one', async () => {
		const post = { method: 'POST', body: 'mine' } as const;
		for (const status of [301, 302, 307, 308]) {
			answers['/a'] = redirect('/b', status);
			expect(await guardedFetch(at('/a'), options(post))).toMatchObject({ status });
		}
		expect(asked.map(({ url }) => url)).not.toContain('/b');
		answers['/a'] = redirect('/b', 303);
		answers['/b'] = (_, response) => void response.end('done');
		expect(await guardedFetch(at('/a'), options(post))).toMatchObject({ body: Buffer.from('done') });
		expect(asked.at(-1)).toMatchObject({ url: '/b', method: 'GET' });
	});
});

describe('a name whose address changes', () => {
	it('is asked at what was checked, and is looked up once for each connection', async () => {
		let times = 0;
		const changing: Resolve = async () => {
			times += 1;
			return [{ address: times === 1 ? '127.0.0.1' : '10.0.0.1', family: 4 }];
		};
		answers['/a'] = (_, response) => void response.end('ok');
		await guardedFetch(at('/a'), options({ resolve: changing }));
		expect(times).toBe(1);
	});

	it('is refused as soon as it means a place inside', async () => {
		answers['/a'] = redirect('https://turncoat.test/');
		const turned: Resolve = async (host) => [
			{ address: host === 'feeds.test' ? '127.0.0.1' : '192.168.1.1', family: 4 },
		];
		await expect(guardedFetch(at('/a'), options({ resolve: turned }))).rejects.toMatchObject({
			code: 'address-refused',
		});

		const found = ['93.184.216.34', '10.0.0.1'];
		const lookup = guardedLookup(async () => [{ address: found.shift() ?? '', family: 4 }], false);
		const look = () =>
			new Promise((resolve) => lookup('turncoat.test', {}, (error, address) => resolve(error?.message ?? address)));
		expect(await look()).toBe('93.184.216.34');
		expect(await look()).toContain('its address is not public');
	});
});
