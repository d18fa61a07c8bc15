import { createHash, randomBytes } from 'node:crypto';
import { readdir } from 'node:fs/promises';
import { connect } from 'node:net';
import type { FastifyInstance } from 'fastify';
import { Client, request } from 'undici';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { serveRoutes } from '../../../../test/support/bare-routes.ts';
import { addFacts, addVersion, FileRoom } from '../../../../test/support/file-room.ts';
import { newId } from '../../../database/new-id.ts';
import { ArchiveTickets } from '../../../files/archive-tickets.ts';
import { parsePath } from '../../../files/safe-path.ts';
import type { ServedVersion } from '../../../recipes/accesses.ts';
import type { Rooms } from '../../../rooms.ts';
import { archiveRoutes } from './archive.ts';
import { contentRoutes, type UploadSpine } from './content.ts';
import { fileRoutes } from './files.ts';
import { folderRoutes } from './folders.ts';

const sha256 = (content: Buffer | string): string => createHash('sha256').update(content).digest('hex');
const digest = (hex: string): string => `sha-256=:${Buffer.from(hex, 'hex').toString('base64')}:`;

let room: FileRoom;
let server: FastifyInstance;
let url: string;
let transfers: { ownerSeq: number; bytes: number }[];
let sent: (() => void)[];
/** Files whose content was being given, and to whom. */
let looks: string[];

beforeEach(async () => {
	transfers = [];
	sent = [];
	looks = [];
	room = await FileRoom.open((transfer) => {
		transfers.push(transfer);
		for (const tell of sent.splice(0)) tell();
	});
	const uploads: UploadSpine = {
		async receive({ actor, path, source, declaredBytes, sha256, condition }) {
			await room.files.checkUpload(actor.userSeq, { names: parsePath(path), condition }, declaredBytes);
			const staged = await room.blobs.stage(source, { maxBytes: 10_000_000, declaredBytes, sha256 });
			const added = await room.files.commit(staged, () =>
				room.ledger.write(addVersion, {
					ownerSeq: actor.userSeq,
					names: parsePath(path),
					sha256: staged.sha256,
					size: staged.size,
					now: Date.now(),
					condition,
				}),
			);
			const { fileId: id, version, created } = added;
			return { created, file: { id, path, size: staged.size, sha256: staged.sha256, version }, tasks: [] };
		},
	};
	const accesses = {
		served: (by: number, { fileId, version }: ServedVersion) => looks.push(`${by} ${fileId} ${version}`),
	};
	const rooms = { files: room.files, uploads, accesses };
	({ url, server } = await serveRoutes([
		...contentRoutes(rooms),
		...fileRoutes(rooms),
		...folderRoutes(rooms),
		...archiveRoutes({ ...rooms, ...beside(room) }),
	]));
});
afterEach(async () => {
	server.server.closeAllConnections();
	await server.close();
	await room[Symbol.asyncDispose]();
});

/** What archives need beside; jobs and datasets are archived where they are tested. */
const beside = ({ ledger, files, blobs: contents }: FileRoom) => ({
	blobs: contents,
	contents,
	archiveTickets: new ArchiveTickets({ ledger, walkFrom: files.walkFrom.bind(files) }),
	jobs: {} as Rooms['jobs'],
	datasets: {} as Rooms['datasets'],
});

type Headers = Record<string, string>;
const call = async (method: string, path: string, body: Buffer | string | null = null, headers: Headers = {}) => {
	const answer = await request(url + path, { method: method as 'GET', body, headers });
	const bytes = Buffer.from(await answer.body.arrayBuffer());
	const isJson = /json/.test(String(answer.headers['content-type']));
	return {
		status: answer.statusCode,
		headers: answer.headers,
		bytes,
		json: isJson ? JSON.parse(bytes.toString()) : null,
	};
};
const put = (path: string, body: Buffer | string, headers: Headers = {}) =>
	call('PUT', `/api/v1/content${path}`, body, headers);
const get = (path: string, headers: Headers = {}) => call('GET', `/api/v1/content${path}`, null, headers);
const transferred = () => new Promise<void>((resolve) => sent.push(resolve));

/** Speaks HTTP by hand; resolves with all that came back when the other side has closed. */
const speak = (text: string, thenClose = false): Promise<string> =>
	new Promise((resolve, reject) => {
		const socket = connect(Number(new URL(url).port), '127.0.0.1', () => {
			if (thenClose) socket.end(text);
			else socket.write(text);
		});
		let answer = '';
		socket.on('data', (piece) => {
			answer += piece.toString('latin1');
		});
		socket.on('error', reject);
		socket.on('close', () => resolve(answer));
	});

describe('PUT', () => {
	it('stores a new file, then a new version, and answers what a script needs', async () => {
		const first = await put('/a/b%20c.txt', 'one', { 'content-digest': digest(sha256('one')) });
		expect(first).toMatchObject({
			status: 201,
			json: { file: { path: '/a/b c.txt', size: 3, sha256: sha256('one'), version: 1 }, tasks: [] },
		});
		expect(first.headers.etag).toBe(`"${sha256('one')}"`);
		expect(await put('/a/b%20c.txt', 'two')).toMatchObject({ status: 200, json: { file: { version: 2 } } });
	});

	it('keeps conditions, before any bytes flow', async () => {
		expect((await put('/f', 'one', { 'if-none-match': '*' })).status).toBe(201);
		expect(await put('/f', 'x', { 'if-none-match': '*' })).toMatchObject({
			status: 412,
			json: { code: 'precondition-failed' },
		});
		expect((await put('/f', 'x', { 'if-match': `"${sha256('x')}"` })).status).toBe(412);
		expect((await put('/f', 'two', { 'if-match': `"${sha256('one')}"` })).status).toBe(200);
		const early = await speak(
			'PUT /api/v1/content/f HTTP/1.1\r\nhost: x\r\nif-none-match: *\r\ncontent-type: a/b\r\ncontent-length: 1000000\r\n\r\n',
		);
		expect(early).toMatch(/^HTTP\/1\.1 412 /);
	});

	it.each([
		['a wrong digest', { 'content-digest': digest('0'.repeat(64)) }, 400, 'checksum-mismatch'],
		['a malformed digest', { 'content-digest': 'sha-256=x' }, 400, 'bad-request'],
		['an encoded body', { 'content-encoding': 'gzip' }, 415, 'unsupported-media-type'],
		['a part', { 'content-range': 'bytes 0-1/2' }, 400, 'bad-request'],
	])('refuses %s and leaves nothing', async (_, headers, status, code) => {
		expect(await put('/f', 'one', headers as unknown as Headers)).toMatchObject({ status, json: { code } });
		expect(await room.list()).toEqual([]);
		expect(await readdir(room.folder.join('staging'))).toEqual([]);
		const kept = await readdir(room.folder.join('blobs'), { recursive: true, withFileTypes: true });
		expect(kept.filter((entry) => entry.isFile())).toEqual([]);
	});

	it('takes a body that is cut for no upload', async () => {
		const cut =
			'PUT /api/v1/content/f HTTP/1.1\r\nhost: x\r\ncontent-type: a/b\r\ncontent-length: 100\r\n\r\nonly this';
		await speak(cut, true);
		await expect.poll(() => readdir(room.folder.join('staging'))).toEqual([]);
		expect(await room.list()).toEqual([]);
	});

	it.each(['/a/../b', '/a/%2e%2e/b', '/a%2fb', '/a%00', '/a//b', '/', '', '/a/', '/%F0%28'])(
		'refuses the address %s as it was sent',
		async (path) => {
			const text = `PUT /api/v1/content${path} HTTP/1.1\r\nhost: x\r\nconnection: close\r\ncontent-type: a/b\r\ncontent-length: 1\r\n\r\nx`;
			expect(await speak(text)).toMatch(/^HTTP\/1\.1 40[04] /);
			expect(await room.list()).toEqual([]);
		},
	);

	it('decodes an address once and only once', async () => {
		await put('/%252e%252e%252fx', 'one');
		expect(await room.list()).toEqual(['/%2e%2e%2fx']);
	});
});

describe('GET', () => {
	const content = randomBytes(1_000_000);
	beforeEach(async () => {
		await room.upload('/d/ünï.html', content);
	});
	const path = `/d/${encodeURIComponent('ünï.html')}`;

	it('gives the bytes as an attachment that no browser runs', async () => {
		const metered = transferred();
		const { status, headers, bytes } = await get(path);
		expect(status).toBe(200);
		expect(bytes.equals(content)).toBe(true);
		expect(headers).toMatchObject({
			etag: `"${sha256(content)}"`,
			'accept-ranges': 'bytes',
			'content-length': '1000000',
			'content-type': 'application/octet-stream',
			'content-disposition': `attachment; filename="_n_.html"; filename*=UTF-8''%C3%BCn%C3%AF.html`,
			'x-content-type-options': 'nosniff',
			'content-security-policy': "sandbox; default-src 'none'",
			'cache-control': 'private, no-cache',
		});
		await metered;
		expect(transfers).toMatchObject([{ ownerSeq: 1, bytes: 1_000_000, kind: 'download' }]);
	});

	it('gives one range, also of the end, and says when it lies outside', async () => {
		const part = await get(path, { range: 'bytes=1000-1999' });
		expect(part).toMatchObject({ status: 206, headers: { 'content-range': 'bytes 1000-1999/1000000' } });
		expect(part.bytes.equals(content.subarray(1000, 2000))).toBe(true);
		const end = await get(path, { range: 'bytes=-7', 'if-range': `"${sha256(content)}"` });
		expect(end.bytes.equals(content.subarray(-7))).toBe(true);
		expect((await get(path, { range: 'bytes=-7', 'if-range': '"other"' })).status).toBe(200);
		expect(await get(path, { range: 'bytes=1000000-' })).toMatchObject({
			status: 416,
			headers: { 'content-range': 'bytes */1000000' },
			json: { code: 'range-not-satisfiable' },
		});
	});

	it('answers conditions', async () => {
		const not = await get(path, { 'if-none-match': `"x", W/"${sha256(content)}"` });
		expect([not.status, not.bytes.length]).toEqual([304, 0]);
		expect((await get(path, { 'if-match': '"x"' })).status).toBe(412);
		expect((await get(path, { 'if-none-match': '"x"' })).status).toBe(200);
	});

	it('answers HEAD without a body, and an empty file', async () => {
		const head = await call('HEAD', `/api/v1/content${path}`);
		expect(head).toMatchObject({ status: 200, headers: { 'content-length': '1000000', etag: `"${sha256(content)}"` } });
		await room.upload('/empty', '');
		expect(await get('/empty')).toMatchObject({ status: 200, headers: { 'content-length': '0' } });
	});

	it('shows inline only what is asked for and harmless', async () => {
		const { fileSeq } = await room.upload('/i', 'x');
		const showing = () => call('GET', '/api/v1/content/i?inline');
		expect((await showing()).headers['content-disposition']).toMatch(/^attachment/);
		await room.ledger.write(addFacts, { fileSeq, version: 1, facts: { mimetype: 'image/svg+xml' } });
		expect((await showing()).headers['content-type']).toBe('application/octet-stream');
		await room.ledger.write(addFacts, { fileSeq, version: 1, facts: { mimetype: 'text/plain' } });
		expect((await showing()).headers).toMatchObject({
			'content-type': 'text/plain; charset=utf-8',
			'content-disposition': 'inline; filename="i"',
		});
		expect((await get('/i')).headers['content-type']).toBe('application/octet-stream');
	});

	it('tells nothing of other people’s files', async () => {
		expect(await get(path, { 'x-user': '2' })).toMatchObject({ status: 404, json: { code: 'not-found' } });
		expect(await get('/d')).toMatchObject({ status: 409, json: { code: 'is-a-folder' } });
	});

	it('closes the file at once when the receiver goes away, and meters what went out', async () => {
		await room.upload('/large', Buffer.alloc(9_000_000));
		const metered = transferred();
		const client = new Client(url);
		const answer = await client.request({ method: 'GET', path: '/api/v1/content/large' });
		await new Promise((resolve) => answer.body.once('readable', resolve));
		await client.destroy();
		answer.body.on('error', () => {});
		await metered;
		const { bytes } = transfers[0]!;
		expect(bytes).toBeGreaterThan(0);
		expect(bytes).toBeLessThan(9_000_000);
	});

	it('gives small contents, whole and in part', async () => {
		const small = randomBytes(65_536);
		await room.upload('/small', small);
		expect((await get('/small')).bytes.equals(small)).toBe(true);
		const part = await get('/small', { range: 'bytes=10-19' });
		expect([part.status, part.bytes.equals(small.subarray(10, 20))]).toEqual([206, true]);
	});

	it('fails instead of sending something else when a blob has lost bytes', async () => {
		const { truncate } = await import('node:fs/promises');
		await truncate(room.blobs.pathOf(sha256(content)), 10);
		const answer = await get(path);
		expect([answer.status, JSON.parse(String(answer.bytes)).code]).toEqual([410, 'content-lost']);
	});
});

describe('a look at a file', () => {
	it('is its first byte: not a HEAD, not what the asker has already, not an empty file', async () => {
		const { json } = await put('/f', 'one');
		await put('/empty', '');
		const { id } = json.file;
		await get('/f');
		await call('GET', `/api/v1/files/${id}/content?version=1`, null, { range: 'bytes=1-1' });
		const seen = [`1 ${id} 1`, `1 ${id} 1`];
		expect(looks).toEqual(seen);
		await call('HEAD', '/api/v1/content/f');
		await call('HEAD', `/api/v1/files/${id}/content`);
		await get('/f', { 'if-none-match': `"${sha256('one')}"` });
		await get('/f', { range: 'bytes=9-' });
		await get('/empty');
		await call('GET', `/api/v1/files/${id}/thumbnail`);
		expect(looks).toEqual(seen);
	});
});

describe('files and folders', () => {
	it('are listed, shown, moved, trashed, restored and destroyed', async () => {
		const { json } = await put('/a/f.txt', 'one');
		const file = `/api/v1/files/${json.file.id}`;
		const list = (query: string) => call('GET', `/api/v1/files?${query}`);
		expect((await list('folder=/a')).json).toMatchObject({
			items: [{ kind: 'file', path: '/a/f.txt' }],
			nextCursor: null,
		});
		expect((await call('GET', file)).json).toMatchObject({ path: '/a/f.txt', versions: [{ number: 1 }] });
		expect((await call('GET', file, null, { 'x-user': '2' })).status).toBe(404);
		await put('/a/f.txt', 'two');
		const first = await call('GET', `${file}/versions?limit=1`);
		expect(first.json).toMatchObject({ items: [{ number: 2, sha256: sha256('two') }] });
		const second = await call('GET', `${file}/versions?limit=1&cursor=${first.json.nextCursor}`);
		expect(second.json).toMatchObject({ items: [{ number: 1, sha256: sha256('one') }], nextCursor: null });
		expect((await call('GET', `${file}/versions?cursor=x`)).json.code).toBe('bad-cursor');
		expect((await call('GET', `${file}/versions?limit=0`)).status).toBe(422);
		expect((await call('GET', `${file}/versions`, null, { 'x-user': '2' })).status).toBe(404);
		const type = { 'content-type': 'application/json' };
		expect((await call('POST', `${file}:move`, '{"path":"/b/g.txt"}', type)).status).toBe(204);
		expect((await call('POST', `${file}:move`, '{"path":"/b/g.txt"}', { ...type, 'x-user': '2' })).status).toBe(404);
		expect((await call('DELETE', file)).status).toBe(204);
		expect((await list('trash=true')).json.items).toMatchObject([{ path: '/b/g.txt' }]);
		expect((await call('POST', `${file}:restore`)).status).toBe(204);
		expect((await call('GET', `${file}/content?version=1`)).bytes.toString()).toBe('one');
		expect((await call('GET', `${file}/content?version=3`)).status).toBe(404);
		expect((await call('DELETE', `${file}?forever=true`)).status).toBe(204);
		expect((await call('GET', file)).status).toBe(404);

		const made = await call('POST', '/api/v1/folders', '{"path":"/x/y"}', type);
		expect(made).toMatchObject({ status: 201, json: { path: '/x/y', name: 'y' } });
		expect((await call('POST', '/api/v1/folders', '{"path":"/x/y"}', type)).status).toBe(200);
		const folder = `/api/v1/folders/${made.json.id}`;
		expect((await call('DELETE', folder)).status).toBe(204);
		expect((await call('POST', `${folder}:restore?rename`)).status).toBe(204);
		expect((await call('DELETE', `${folder}?forever`)).status).toBe(204);
		expect((await list('folder=/x')).json.items).toEqual([]);
	});

	it('are put into the trash by path, keeping If-Match', async () => {
		await put('/f', 'one');
		const path = '/api/v1/content/f';
		expect((await call('DELETE', path, null, { 'if-match': '"x"' })).status).toBe(412);
		expect((await call('DELETE', path, null, { 'if-match': `"${sha256('one')}"` })).status).toBe(204);
		expect((await call('DELETE', path)).status).toBe(404);
	});

	it('give thumbnails, for good when the version is named', async () => {
		const { fileSeq, fileId } = await room.upload('/f', 'one');
		const path = `/api/v1/files/${fileId}/thumbnail`;
		expect((await call('GET', path)).status).toBe(404);
		await room.upload('/t', 'thumb');
		const thumbnail = { sha256: sha256('thumb'), size: 5, mediaType: 'image/webp' };
		await room.ledger.write(addFacts, { fileSeq, version: 1, thumbnail });
		expect(await call('GET', path)).toMatchObject({ status: 200, headers: { 'content-type': 'image/webp' } });
		expect((await call('GET', `${path}?version=1`)).headers['cache-control']).toMatch(/max-age/);
		expect((await call('GET', path, null, { 'x-user': '2' })).status).toBe(404);
	});

	it('go out at the pace of the person’s class: whole, small, as a range and as an archive; who leaves frees the line', async () => {
		const content = randomBytes(300_000);
		await put('/a/f.bin', content);
		await put('/a/small.bin', content.subarray(0, 60_000));
		room.policies.give(1, { bandwidth: { downloadBytesPerSecond: 2_000_000 } });
		const { bandwidth } = room.files;
		const whole = get('/a/f.bin');
		const zip = call('GET', '/api/v1/archive?folder=/a');
		const small = get('/a/small.bin');
		const range = get('/a/f.bin', { range: 'bytes=100-250099' });
		expect((await whole).bytes.equals(content)).toBe(true);
		expect((await small).bytes.equals(content.subarray(0, 60_000))).toBe(true);
		expect((await range).bytes.equals(content.subarray(100, 250_100))).toBe(true);
		expect((await zip).bytes.includes(content)).toBe(true);
		await expect.poll(() => bandwidth.size).toBe(0);

		room.policies.give(1, { bandwidth: { downloadBytesPerSecond: 1_000 } });
		const socket = connect(Number(new URL(url).port), '127.0.0.1');
		const metered = transferred();
		socket.write('GET /api/v1/content/a/f.bin HTTP/1.1\r\nhost: x\r\n\r\n');
		await new Promise((resolve) => socket.once('data', resolve));
		expect(bandwidth.size).toBe(1);
		socket.destroy();
		await metered;
		expect(transfers.at(-1)?.bytes).toBeLessThan(300_000);
		expect(bandwidth.size).toBe(0);
	});

	it('are refused when the month’s quota has no room for them, before a byte, and so is an archive', async () => {
		await put('/a/f.txt', 'x'.repeat(500));
		room.policies.give(1, { quotas: { transferBytesPerMonth: 700 } });
		const metered = transferred();
		expect((await get('/a/f.txt')).status).toBe(200);
		await metered;
		const refused = await get('/a/f.txt');
		expect(refused).toMatchObject({ status: 403, json: { code: 'transfer-exceeded' } });
		expect((await get('/a/f.txt', { range: 'bytes=0-199' })).status).toBe(206);
		await expect.poll(() => transfers.length).toBe(2);
		expect((await call('GET', '/api/v1/archive?folder=/a')).json).toMatchObject({ code: 'transfer-exceeded' });
		// Nobody downloads anything by asking what there is.
		expect((await call('HEAD', '/api/v1/content/a/f.txt')).status).toBe(200);
		expect((await get('/a/f.txt', { 'if-none-match': `"${sha256('x'.repeat(500))}"` })).status).toBe(304);
	});

	it('come as one archive', async () => {
		await put('/a/f.txt', 'one');
		const metered = transferred();
		const zip = await call('GET', '/api/v1/archive?folder=/a');
		expect(zip).toMatchObject({ status: 200, headers: { 'content-disposition': 'attachment; filename="a.zip"' } });
		expect(zip.bytes.subarray(0, 2).toString()).toBe('PK');
		await metered;
		expect(transfers).toMatchObject([{ bytes: zip.bytes.length }]);
		expect((await call('GET', '/api/v1/archive?folder=/nowhere')).status).toBe(404);
		expect((await call('GET', '/api/v1/archive?folder=../x')).json.code).toBe('bad-path');
		expect((await call('GET', `/api/v1/archive?folder=/a&job=${newId('job')}`)).json.code).toBe('invalid');
		expect((await call('GET', '/api/v1/archive?folder=/a&version=1')).json.code).toBe('invalid');
	});

	it('come as a selection, to the one who chose it', async () => {
		const { file } = (await put('/a/f.txt', 'one')).json;
		const choose = (body: unknown) =>
			call('POST', '/api/v1/archives', JSON.stringify(body), { 'content-type': 'application/json' });
		const chosen = await choose({ files: [file.id], folders: ['/a'] });
		expect(chosen.status).toBe(201);
		const zip = await call('GET', chosen.json.url);
		expect(zip).toMatchObject({ status: 200, headers: { 'content-length': String(zip.bytes.length) } });
		expect(zip.bytes.toString('latin1')).toContain('a/f.txt');
		expect((await call('GET', chosen.json.url, null, { 'x-user': '2' })).status).toBe(404);
		expect((await choose({})).json.code).toBe('invalid');
		expect((await choose({ files: Array.from({ length: 1001 }, () => file.id) })).json.code).toBe('invalid');
	});
});
