import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { existsSync, readdirSync, readlinkSync } from 'node:fs';
import { connect } from 'node:net';
import { Readable } from 'node:stream';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { DavStage } from '../../../../test/support/dav-stage.ts';
import { shortEtagOf } from '../../content/content-headers.ts';

const LARGE = randomBytes(3_000_000);
let stage: DavStage;
let etag: string;
let modified: string;
beforeAll(async () => {
	stage = await DavStage.open();
	await stage.room.jobs.upload('/large.bin', LARGE);
	const { file } = await stage.room.jobs.upload('/a b.txt', 'hello, world');
	await stage.room.jobs.upload('/empty', '');
	stage.room.jobs.db.exec(`UPDATE files SET modified_at = 1700000000123`);
	etag = shortEtagOf(file.sha256);
	modified = new Date(1_700_000_000_000).toUTCString();
});
afterAll(() => stage[Symbol.asyncDispose]());

const get = (headers: Record<string, string> = {}, path = '/dav/files/a%20b.txt') =>
	stage.call('GET', path, { headers });

const read = async (path: string) => (await stage.call('GET', path)).text;
const code = (text: string) => /<m:code>(.*)<\/m:code>/.exec(text)?.[1];

describe('GET', () => {
	it('gives a file with all that a cache needs, and as nothing that a browser would run', async () => {
		stage.served.length = 0;
		const answer = await get();
		expect(answer).toMatchObject({
			status: 200,
			text: 'hello, world',
			headers: {
				etag,
				'last-modified': modified,
				'accept-ranges': 'bytes',
				'content-length': '12',
				'content-type': 'application/octet-stream',
				'content-disposition': 'attachment; filename="a b.txt"',
				'content-security-policy': "sandbox; default-src 'none'",
				'x-content-type-options': 'nosniff',
			},
		});
		expect(answer.headers).not.toHaveProperty('www-authenticate');
		expect(answer.headers).not.toHaveProperty('access-control-allow-origin');
		expect(stage.served).toHaveLength(1);
		await expect
			.poll(() => stage.room.jobs.count(`SELECT sum(bytes_out) FROM usage_records WHERE kind = 'download'`))
			.toBe(12);
	});

	it('says what a task found out only when it looks like a media type', async () => {
		const facts = stage.room.jobs.db.prepare(
			`UPDATE file_versions SET facts = json_object('mimetype', ?) WHERE file_seq = (SELECT seq FROM files WHERE name = 'a b.txt')`,
		);
		for (const [found, told] of [
			['text/plain', 'text/plain'],
			['text/html\r\nx-evil: 1', 'application/octet-stream'],
			['é', 'application/octet-stream'],
		]) {
			facts.run(found);
			expect((await get()).headers['content-type']).toBe(told);
		}
	});

	it.each([
		[{ range: 'bytes=7-' }, 206, 'world', 'bytes 7-11/12'],
		[{ range: 'bytes=-5' }, 206, 'world', 'bytes 7-11/12'],
		[{ range: 'bytes=0-0' }, 206, 'h', 'bytes 0-0/12'],
		[{ range: 'bytes=7-4' }, 200, 'hello, world', undefined],
		[{ range: 'bytes=7-', 'if-range': '"other"' }, 200, 'hello, world', undefined],
		[{ range: 'bytes=7-', 'if-range': 'Tue, 14 Nov 2023 22:13:20 GMT' }, 206, 'world', 'bytes 7-11/12'],
		[{ range: 'bytes=7-', 'if-range': 'Tue, 14 Nov 2023 22:13:19 GMT' }, 200, 'hello, world', undefined],
	])('with %j gives %i', async (headers, status, text, range) => {
		expect(await get(headers as never)).toMatchObject({ status, text });
		expect((await get(headers as never)).headers['content-range']).toBe(range);
	});

	it('refuses a range that lies outside, and says how long the file is', async () => {
		const answer = await get({ range: 'bytes=12-' });
		expect([answer.status, answer.headers['content-range']]).toEqual([416, 'bytes */12']);
		expect((await get({ range: 'bytes=0-' }, '/dav/files/empty')).status).toBe(416);
	});

	it('gives a part of a large file without the rest', async () => {
		const answer = await get({ range: 'bytes=-1000' }, '/dav/files/large.bin');
		expect(answer.status).toBe(206);
		expect(answer.bytes.equals(LARGE.subarray(-1000))).toBe(true);
		expect((await get({}, '/dav/files/large.bin')).bytes.equals(LARGE)).toBe(true);
	});

	it('answers 304 and 412 as conditions have it', async () => {
		const later = 'Tue, 14 Nov 2023 22:13:21 GMT';
		const earlier = 'Tue, 14 Nov 2023 22:13:19 GMT';
		for (const [headers, status] of [
			[{ 'if-none-match': etag }, 304],
			[{ 'if-none-match': `W/${etag}, "x"` }, 304],
			[{ 'if-none-match': '"x"', 'if-modified-since': later }, 200],
			[{ 'if-modified-since': modified }, 304],
			[{ 'if-modified-since': earlier }, 200],
			[{ 'if-modified-since': 'yesterday' }, 200],
			[{ 'if-match': etag }, 200],
			[{ 'if-match': '"x"' }, 412],
			[{ 'if-unmodified-since': earlier }, 412],
			[{ 'if-unmodified-since': modified }, 200],
			[{ if: `([${etag}])` }, 200],
			[{ if: '(["x"])' }, 412],
			[{ if: '(' }, 400],
		] as const) {
			const answer = await get(headers as never);
			expect(answer.status, JSON.stringify(headers)).toBe(status);
			if (status === 304) expect([answer.text, answer.headers.etag]).toEqual(['', etag]);
		}
	});

	it('is told by HEAD without the bytes, which nobody has looked at then', async () => {
		stage.served.length = 0;
		const head = await stage.call('HEAD', '/dav/files/large.bin');
		expect(head).toMatchObject({ status: 200, text: '', headers: { 'content-length': '3000000' } });
		await get({ 'if-none-match': '*' });
		expect(stage.served).toEqual([]);
	});

	it('of a folder is a page for a person whose browser asks, with the way to the portal', async () => {
		await stage.room.jobs.upload('/a <b>"/c.txt', 'x');
		const accept = 'text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8';
		const page = await get({ accept }, '/dav/files/a%20%3Cb%3E%22/');
		expect(page).toMatchObject({
			status: 405,
			headers: {
				allow: 'COPY, DELETE, LOCK, MOVE, OPTIONS, PROPFIND, PROPPATCH, UNLOCK',
				'content-type': 'text/html; charset=utf-8',
				'content-security-policy': expect.stringContaining("default-src 'none'"),
			},
		});
		expect(page.text).toContain('<a href="/files/a%20%3Cb%3E%22">');
		expect((await get({ accept }, '/dav/')).text).toContain('<a href="/files">');
		expect((await get({ accept: '*/*' }, '/dav/')).text).toContain('<D:error');
		// A file is one whoever asks.
		expect((await get({ accept })).text).toBe('hello, world');
	});

	it('by the whole address is the same', async () => {
		const whole = `http://127.0.0.1:${stage.port}/dav/files/a%20b.txt`;
		const socket = connect(stage.port, '127.0.0.1');
		const authorization = `Basic ${Buffer.from('ada:x').toString('base64')}`;
		socket.write(`GET ${whole} HTTP/1.1\r\nHost: x\r\nAuthorization: ${authorization}\r\nConnection: close\r\n\r\n`);
		let answer = '';
		for await (const chunk of socket) answer += chunk;
		expect(answer).toContain('HTTP/1.1 200 OK');
		expect(answer.endsWith('\r\n\r\nhello, world')).toBe(true);
	});

	it('of a folder says what can be done with it; of nothing, that there is nothing', async () => {
		const folder = await get({}, '/dav/files/');
		expect([folder.status, folder.headers.allow]).toEqual([405, 'LOCK, OPTIONS, PROPFIND, UNLOCK']);
		expect(folder.headers['content-type']).toBe('application/xml; charset=utf-8');
		expect(folder.text).toContain('<m:code>method-not-allowed</m:code>');
		expect((await get({}, '/dav/files/nothing')).status).toBe(404);
		expect((await get({}, '/dav/files/a%20b.txt/below')).status).toBe(404);
		expect((await stage.call('GET', '/dav/files/a%20b.txt', { user: 'bob' })).status).toBe(404);
	});

	it.skipIf(!existsSync('/proc/self/fd'))('that is broken off leaves no file open', async () => {
		const blobsOpen = () =>
			readdirSync('/proc/self/fd').filter((name) => {
				try {
					return /\/blobs\/..\/[0-9a-f]{64}$/.test(readlinkSync(`/proc/self/fd/${name}`));
				} catch {
					return false;
				}
			}).length;
		// More than the lines between us take up by themselves.
		await stage.room.jobs.upload('/huge.bin', Buffer.alloc(16_000_000));
		let most = 0;
		for (let i = 0; i < 20; i++) {
			const socket = connect(stage.port, '127.0.0.1');
			socket.write('GET /dav/files/huge.bin HTTP/1.1\r\nhost: 127.0.0.1\r\nauthorization: Basic YWRhOng=\r\n\r\n');
			const [head] = await once(socket, 'data');
			socket.pause();
			expect(String(head)).toContain('HTTP/1.1 200 ');
			most = Math.max(most, blobsOpen());
			socket.destroy();
		}
		expect(most).toBeGreaterThan(0);
		await expect.poll(blobsOpen).toBe(0);
		expect((await get()).status).toBe(200);
	});
});

describe('PUT', () => {
	it('stores a new file, then its next version', async () => {
		const first = await stage.put('/dav/files/f.txt', 'one');
		expect([first.status, first.headers['content-length']]).toEqual([201, '0']);
		const second = await stage.put('/dav/files/f.txt', 'two');
		expect(second.status).toBe(204);
		const { headers, text } = await stage.call('GET', '/dav/files/f.txt');
		expect([text, headers.etag]).toEqual(['two', second.headers.etag]);
		expect(headers.etag).not.toBe(first.headers.etag);
		const chunked = await stage.call('PUT', '/dav/files/f.txt', { body: Readable.from(['th', 'ree']) });
		expect([chunked.status, await read('/dav/files/f.txt')]).toEqual([204, 'three']);
	});

	it('holds to conditions, and changes nothing when they do not hold', async () => {
		const { headers } = await stage.put('/dav/files/c.txt', 'one');
		for (const [condition, status] of [
			[{ 'if-none-match': '*' }, 412],
			[{ 'if-match': '"x"' }, 412],
			[{ if: '(["x"])' }, 412],
			[{ if: '(<urn:uuid:none>)' }, 412],
			[{ 'if-match': 'x' }, 400],
			[{ 'content-range': 'bytes 0-2/3' }, 400],
			[{ 'content-encoding': 'gzip' }, 415],
			[{ 'content-digest': `sha-256=:${'A'.repeat(43)}=:` }, 400],
		] as const) {
			expect((await stage.put('/dav/files/c.txt', 'two', condition as never)).status, JSON.stringify(condition)).toBe(
				status,
			);
		}
		expect(await read('/dav/files/c.txt')).toBe('one');
		expect((await stage.put('/dav/files/c.txt', 'two', { 'if-match': headers.etag! })).status).toBe(204);
		expect((await stage.put('/dav/files/nothing', 'x', { 'if-match': '*' })).status).toBe(412);
	});

	it('goes only where a folder is, and never over one', async () => {
		const nowhere = await stage.put('/dav/files/no/such/f');
		expect([nowhere.status, code(nowhere.text)]).toEqual([409, 'conflict']);
		expect((await stage.put('/dav/files/f.txt/below')).status).toBe(409);
		await stage.call('MKCOL', '/dav/files/folder');
		const over = await stage.put('/dav/files/folder');
		expect(over.status).toBe(405);
		expect(over.headers.allow).toContain('PROPFIND');
		expect((await stage.put('/dav/files/')).status).toBe(405);
		expect(await stage.list()).not.toContain('no/');
	});

	it('that is cut leaves what was there', async () => {
		await stage.put('/dav/files/cut.txt', 'old');
		const { jobs } = stage.room;
		const head = (more: string) =>
			`PUT /dav/files/cut.txt HTTP/1.1\r\nhost: 127.0.0.1\r\nauthorization: Basic YWRhOng=\r\n${more}\r\n\r\n`;
		for (const text of [
			`${head('content-length: 2000000')}${'x'.repeat(100_000)}`,
			`${head('content-length: 9000000000000')}x`,
			`${head('transfer-encoding: chunked')}5\r\nhello\r\n`,
			`${head('transfer-encoding: chunked')}5\r\nhello\r\nnot hexadecimal`,
		]) {
			const socket = connect(stage.port, '127.0.0.1');
			socket.on('error', () => {});
			socket.end(text);
			socket.resume();
			await once(socket, 'close');
		}
		expect(await read('/dav/files/cut.txt')).toBe('old');
		expect(jobs.count(`SELECT version FROM files WHERE name = 'cut.txt'`)).toBe(1);
	});

	it('beyond the quota is refused, and leaves what was there', async () => {
		await stage.put('/dav/files/q.txt', 'old');
		const { policies } = stage.room.jobs;
		policies.give(1, { quotas: { storedBytes: 1_000 } });
		try {
			for (const body of ['x'.repeat(2_000), Readable.from(['x'.repeat(1_500), 'y'.repeat(1_500)])]) {
				const refused = await stage.call('PUT', '/dav/files/q.txt', { body });
				expect([refused.status, code(refused.text)]).toEqual([507, 'quota-exceeded']);
				expect(refused.text).toContain('<D:quota-not-exceeded/>');
			}
			expect(await read('/dav/files/q.txt')).toBe('old');
		} finally {
			policies.give(1, {});
		}
	});

	it('takes every name that there may be, as one name', async () => {
		for (const name of [
			'a?b',
			'a#b',
			'100%',
			'%41',
			'a+b c',
			'&<>"\'',
			'ü',
			'\u{1f600}',
			'CON',
			'~$x',
			'x'.repeat(255),
		]) {
			const path = `/dav/files/${encodeURIComponent(name)}`;
			expect((await stage.put(path, name)).status, name).toBe(201);
			expect(await read(path)).toBe(name);
			expect(await stage.list()).toContain(name);
		}
		// NFD finds what NFC has made.
		expect((await stage.put(`/dav/files/${encodeURIComponent('ü'.normalize('NFD'))}`, 'again')).status).toBe(204);
	});
});

describe('MKCOL', () => {
	it('makes a folder in a folder', async () => {
		expect((await stage.call('MKCOL', '/dav/files/m/')).status).toBe(201);
		expect((await stage.call('MKCOL', '/dav/files/m/n')).status).toBe(201);
		expect(await stage.list('/files/m')).toEqual(['n/']);
	});

	it('is refused over what is there, where there is no folder, and with a body', async () => {
		await stage.put('/dav/files/taken', 'x');
		for (const [path, status] of [
			['/dav/files/m', 405],
			['/dav/files/taken', 405],
			['/dav/files/', 405],
			['/dav/files/nowhere/x', 409],
			['/dav/files/taken/x', 409],
		] as const) {
			expect((await stage.call('MKCOL', path)).status, path).toBe(status);
		}
		const body = { body: '<x/>', headers: { 'content-type': 'application/xml' } };
		expect((await stage.call('MKCOL', '/dav/files/bodied', body)).status).toBe(415);
		expect(await stage.list()).not.toContain('bodied/');
	});
});
