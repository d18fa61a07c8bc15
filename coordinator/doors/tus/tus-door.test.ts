import { createHash, randomBytes } from 'node:crypto';
import { readdir, stat, utimes, writeFile } from 'node:fs/promises';
import { createServer, type Server } from 'node:http';
import { type AddressInfo, connect } from 'node:net';
import { Readable } from 'node:stream';
import { Upload } from 'tus-js-client';
import { request } from 'undici';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { readUploadAnswer } from '../../../shared/client/tus-answer.ts';
import { CodedError } from '../../../shared/coded-error.ts';
import type { UploadAnswer } from '../../../shared/protocol/file.ts';
import { testActor } from '../../../test/support/bare-routes.ts';
import { addVersion, FileRoom } from '../../../test/support/file-room.ts';
import { parsePath } from '../../files/safe-path.ts';
import { TUS_PREFIX, TusDoor, type TusDoorOptions } from './tus-door.ts';

const sha256 = (content: Buffer | string): string => createHash('sha256').update(content).digest('hex');
const base64 = (text: string): string => Buffer.from(text).toString('base64');
const metadata = (said: Record<string, string>): string =>
	Object.entries(said)
		.map(([name, value]) => `${name} ${base64(value)}`)
		.join(',');
const MAX_BYTES = 50_000_000;

let room: FileRoom;
let door: TusDoor;
let server: Server;
let url: string;
let received: number;
/** What stands between a complete upload and the ledger, for tests. */
let beforeCommit: () => Promise<void>;

const openDoor = (bounds: Pick<TusDoorOptions, 'mostBegun' | 'mostAnswers'> = {}) =>
	TusDoor.open({
		...bounds,
		folder: room.folder.join('uploads'),
		files: room.files,
		maxFileBytes: MAX_BYTES,
		uploads: {
			async receive({ actor, path, source, declaredBytes, sha256, condition }) {
				const staged = await room.blobs.stage(source, { maxBytes: MAX_BYTES, declaredBytes, sha256 });
				const added = await room.files.commit(staged, async () => {
					await beforeCommit();
					received += 1;
					return room.ledger.write(addVersion, {
						ownerSeq: actor.userSeq,
						names: parsePath(path),
						sha256: staged.sha256,
						size: staged.size,
						now: Date.now(),
						condition,
					});
				});
				const { fileId: id, version, created } = added;
				return { created, file: { id, path, size: staged.size, sha256: staged.sha256, version }, tasks: [] };
			},
		},
	});

beforeEach(async () => {
	room = await FileRoom.open();
	received = 0;
	beforeCommit = async () => {};
	door = await openDoor();
	// What the HTTP frame does for a mount: who asks, and refusals as problem documents.
	server = createServer((request, response) => {
		const actor = testActor(Number(request.headers['x-user'] ?? 1), {
			userId: `usr_${request.headers['x-user'] ?? 1}`,
		});
		door.handle(request, response, actor).catch((error: unknown) => {
			const coded = error instanceof CodedError ? error : new CodedError('internal', String(error));
			if (response.headersSent) return response.destroy();
			response.writeHead(coded.status, { 'content-type': 'application/problem+json', connection: 'close' });
			response.end(JSON.stringify({ status: coded.status, code: coded.code, detail: coded.message }));
		});
	});
	await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
	url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
});
afterEach(async () => {
	server.closeAllConnections();
	await new Promise((resolve) => server.close(resolve));
	await room[Symbol.asyncDispose]();
});

type Headers = Record<string, string>;
const call = async (method: string, path: string, headers: Headers = {}, body: Buffer | string | null = null) => {
	const answer = await request(url + path, {
		method: method as 'GET',
		headers: { 'tus-resumable': '1.0.0', ...headers },
		body,
	});
	const text = await answer.body.text();
	return {
		status: answer.statusCode,
		headers: answer.headers as Headers,
		code: text === '' ? null : ((JSON.parse(text) as { code: string }).code ?? null),
		answer: readUploadAnswer(answer.headers['millrace-upload-answer'] as string | undefined),
	};
};
const create = (length: number, said: Record<string, string>, headers: Headers = {}) =>
	call('POST', TUS_PREFIX, { 'upload-length': String(length), 'upload-metadata': metadata(said), ...headers });
const begin = async (length: number, said: Record<string, string>): Promise<string> => {
	const { status, headers } = await create(length, said);
	expect(status).toBe(201);
	return headers.location!;
};
const patch = (path: string, offset: number, body: Buffer | string, headers: Headers = {}) =>
	call(
		'PATCH',
		path,
		{ 'upload-offset': String(offset), 'content-type': 'application/offset+octet-stream', ...headers },
		body,
	);
const left = () => readdir(room.folder.join('uploads'));

describe('an upload', () => {
	it('comes in pieces and ends with the answer that a PUT would have got', async () => {
		const content = randomBytes(1_000_000);
		const path = await begin(content.length, { path: '/a/b.bin', sha256: sha256(content) });
		expect(path).toMatch(/^\/api\/v1\/uploads\/usr_1-[0-9a-f]{32}$/);
		const first = await patch(path, 0, content.subarray(0, 400_000));
		expect(first).toMatchObject({ status: 204, headers: { 'upload-offset': '400000' }, answer: null });
		expect(first.headers['upload-expires']).toBeDefined();
		expect(await call('HEAD', path)).toMatchObject({
			status: 200,
			headers: { 'upload-offset': '400000', 'upload-length': '1000000', 'cache-control': 'no-store' },
		});
		expect(await room.list()).toEqual([]);
		const last = await patch(path, 400_000, content.subarray(400_000));
		expect(last).toMatchObject({
			status: 204,
			headers: { 'upload-offset': '1000000' },
			answer: { file: { path: '/a/b.bin', size: 1_000_000, sha256: sha256(content), version: 1 }, tasks: [] },
		});
		expect(await room.list('/a')).toEqual(['/a/b.bin']);
	});

	it('may begin with its first bytes, or with all of them, or be empty', async () => {
		const headers = { 'content-type': 'application/offset+octet-stream' };
		const withAll = await call(
			'POST',
			TUS_PREFIX,
			{ ...headers, 'upload-length': '3', 'upload-metadata': metadata({ path: '/all' }) },
			'all',
		);
		expect(withAll).toMatchObject({
			status: 201,
			headers: { 'upload-offset': '3' },
			answer: { file: { path: '/all' } },
		});
		const some = await call(
			'POST',
			TUS_PREFIX,
			{ ...headers, 'upload-length': '4', 'upload-metadata': metadata({ path: '/some' }) },
			'so',
		);
		expect(some).toMatchObject({ status: 201, answer: null });
		expect((await patch(some.headers.location!, 2, 'me')).answer?.file.path).toBe('/some');
		expect((await create(0, { path: '/empty' })).answer).toMatchObject({ file: { path: '/empty', size: 0 } });
	});

	it('is done by the usual client, through cuts', async () => {
		const content = randomBytes(3_000_000);
		let cuts = 0;
		server.on('request', (request) => {
			if (request.method !== 'PATCH' || cuts >= 3) return;
			cuts += 1;
			let bytes = 0;
			request.on('data', (piece) => {
				bytes += piece.length;
				if (bytes > 200_000) request.socket.destroy();
			});
		});
		const answer = await new Promise<UploadAnswer | null>((resolve, reject) => {
			new Upload(Readable.from([content]) as unknown as Blob, {
				endpoint: url + TUS_PREFIX,
				uploadSize: content.length,
				chunkSize: 5_000_000,
				metadata: { path: '/cut.bin', sha256: sha256(content) },
				retryDelays: [0, 10, 10, 10, 10, 10],
				onError: reject,
				onSuccess: ({ lastResponse }) => resolve(readUploadAnswer(lastResponse.getHeader('Millrace-Upload-Answer'))),
			}).start();
		});
		expect(cuts).toBe(3);
		expect(answer?.file).toMatchObject({ path: '/cut.bin', size: content.length, sha256: sha256(content) });
	});

	it('keeps what has arrived before a cut, and only that', async () => {
		const content = randomBytes(500_000);
		const path = await begin(content.length, { path: '/f', sha256: sha256(content) });
		await new Promise<void>((resolve) => {
			const socket = connect(Number(new URL(url).port), '127.0.0.1', () => {
				socket.write(
					`PATCH ${path} HTTP/1.1\r\nhost: x\r\ntus-resumable: 1.0.0\r\nupload-offset: 0\r\ncontent-type: application/offset+octet-stream\r\ncontent-length: 500000\r\n\r\n`,
				);
				socket.write(content.subarray(0, 123_456), () => socket.end());
			});
			socket.on('close', () => resolve());
			socket.resume();
		});
		const { headers } = await call('HEAD', path);
		const offset = Number(headers['upload-offset']);
		expect(offset).toBeLessThanOrEqual(123_456);
		expect((await patch(path, offset, content.subarray(offset))).answer?.file.sha256).toBe(sha256(content));
	});
});

describe('the end of an upload', () => {
	it('whose answer was lost gives the same answer again, and one file version', async () => {
		const path = await begin(3, { path: '/f' });
		const { answer } = await patch(path, 0, 'one');
		expect(answer).not.toBeNull();
		expect(await call('HEAD', path)).toMatchObject({
			status: 200,
			headers: { 'upload-offset': '3', 'upload-length': '3' },
			answer,
		});
		expect(await patch(path, 3, '')).toMatchObject({ status: 204, answer });
		expect(await patch(path, 0, 'one')).toMatchObject({ status: 409, code: 'conflict' });
		// Also after a restart.
		door = await openDoor();
		expect((await call('HEAD', path)).answer).toEqual(answer);
		expect(received).toBe(1);
		expect(await call('DELETE', path)).toMatchObject({ status: 204 });
		expect(await call('HEAD', path)).toMatchObject({ status: 404 });
		expect(await left()).toEqual([]);
		expect(await room.list()).toEqual(['/f']);
	});

	it('is made up for when the process died before the commit', async () => {
		const path = await begin(3, { path: '/f' });
		beforeCommit = () => Promise.reject(new CodedError('overloaded'));
		expect(await patch(path, 0, 'one')).toMatchObject({ status: 503, code: 'overloaded' });
		expect(await room.list()).toEqual([]);
		beforeCommit = async () => {};
		door = await openDoor();
		expect(await call('HEAD', path)).toMatchObject({ status: 200, answer: { file: { path: '/f', version: 1 } } });
		expect(await room.list()).toEqual(['/f']);
	});

	it('happens once, however many ask for it at once', async () => {
		const path = await begin(3, { path: '/f' });
		let commit = (): void => {};
		const committing = new Promise<void>((reached) => {
			beforeCommit = () => {
				reached();
				return new Promise((resolve) => {
					commit = resolve;
				});
			};
		});
		const asking = [patch(path, 0, 'one')];
		await committing;
		asking.push(call('HEAD', path), patch(path, 3, ''), call('HEAD', path));
		commit();
		const answers = await Promise.all(asking);
		for (const { answer } of answers) expect(answer).toEqual(answers[0]!.answer);
		expect(received).toBe(1);
	});

	it.each<[string, Record<string, string>, number, string]>([
		['another content than declared', { sha256: '0'.repeat(64) }, 400, 'checksum-mismatch'],
		['a name that was taken meanwhile', { ifNoneMatch: '*' }, 412, 'precondition-failed'],
		['the word of another client for that', { overwrite: 'no' }, 412, 'precondition-failed'],
		['another file than the one expected', { ifMatch: sha256('before') }, 412, 'precondition-failed'],
	])('refuses %s, and the upload is gone', async (_, said, status, code) => {
		if (said.ifMatch) await room.upload('/f', 'before');
		const path = await begin(3, { path: '/f', ...said });
		await room.upload('/f', 'other');
		expect(await patch(path, 0, 'one')).toMatchObject({ status, code });
		expect(await call('HEAD', path)).toMatchObject({ status: 404 });
		expect(await left()).toEqual([]);
		expect(room.count('SELECT count(*) FROM file_versions')).toBe(said.ifMatch ? 2 : 1);
	});
});

describe('an upload is refused before bytes flow', () => {
	it.each([
		['with empty metadata', {}, 400, 'bad-request'],
		['without a path', { sha256: '0'.repeat(64) }, 422, 'invalid'],
		['with a bad path', { path: '/a/../b' }, 400, 'bad-path'],
		['to the root', { path: '/' }, 400, 'bad-path'],
		['with a malformed checksum', { path: '/f', sha256: 'x' }, 422, 'invalid'],
		['with an unknown wish', { path: '/f', mode: '777' }, 422, 'invalid'],
		['to a taken name', { path: '/taken', ifNoneMatch: '*' }, 412, 'precondition-failed'],
		['where a folder is', { path: '/folder' }, 409, 'is-a-folder'],
	])('%s', async (_, said, status, code) => {
		await room.upload('/taken');
		await room.files.makeFolder(1, ['folder']);
		expect(await create(3, said as Record<string, string>)).toMatchObject({ status, code });
		expect(await left()).toEqual([]);
	});

	it('when it is too large, of unknown length, or too large for the disk', async () => {
		expect(await create(MAX_BYTES + 1, { path: '/f' })).toMatchObject({ status: 413, code: 'file-too-large' });
		const unknown = await call('POST', TUS_PREFIX, {
			'upload-defer-length': '1',
			'upload-metadata': metadata({ path: '/f' }),
		});
		expect(unknown).toMatchObject({ status: 501, code: 'not-implemented' });
		expect(await call('POST', TUS_PREFIX, { 'upload-metadata': metadata({ path: '/f' }) })).toMatchObject({
			status: 400,
		});
		room.blobs.space.require = () => Promise.reject(new CodedError('disk-full'));
		expect(await create(3, { path: '/f' })).toMatchObject({ status: 507, code: 'disk-full' });
		expect(await left()).toEqual([]);
	});

	it('when it is not of this protocol', async () => {
		expect(await call('POST', TUS_PREFIX, { 'tus-resumable': '0.2.0' })).toMatchObject({
			status: 412,
			code: 'precondition-failed',
			headers: { 'tus-version': '1.0.0' },
		});
		expect(await call('GET', TUS_PREFIX)).toMatchObject({ status: 405 });
		expect(await call('POST', `${TUS_PREFIX}/x`)).toMatchObject({ status: 405 });
		for (const id of [
			'x',
			'..%2f..%2fledger.db',
			'usr_1-',
			`usr_1-${'0'.repeat(32)}`,
			`usr_1-${'0'.repeat(32)}.json`,
		]) {
			expect(await call('HEAD', `${TUS_PREFIX}/${id}`)).toMatchObject({ status: 404 });
			expect(await call('DELETE', `${TUS_PREFIX}/${id}`)).toMatchObject({ status: id.length === 38 ? 204 : 404 });
		}
	});

	it('when pieces do not fit', async () => {
		const path = await begin(10, { path: '/f' });
		expect(await patch(path, 5, 'x')).toMatchObject({ status: 409, code: 'conflict' });
		expect(await patch(path, 0, 'longer than ten')).toMatchObject({ status: 413 });
		expect(await patch(path, 0, 'x', { 'content-type': 'text/plain' })).toMatchObject({ status: 400 });
		expect((await call('HEAD', path)).headers['upload-offset']).toBe('0');
	});
});

it('takes what clients of other makes say', async () => {
	const path = await begin(1, { filename: 'a b.txt', folder: '/x', filetype: 'text/plain' });
	expect((await patch(path, 0, 'x')).answer?.file.path).toBe('/x/a b.txt');
});

it('tells nothing of other people’s uploads and lets nobody else touch them', async () => {
	const path = await begin(3, { path: '/f' });
	const other = { 'x-user': '2' };
	expect(await call('HEAD', path, other)).toMatchObject({ status: 404 });
	expect(await patch(path, 0, 'one', other)).toMatchObject({ status: 404, code: 'not-found' });
	expect(await call('DELETE', path, other)).toMatchObject({ status: 404 });
	await patch(path, 0, 'one');
	expect(await call('HEAD', path, other)).toMatchObject({ status: 404, answer: null });
});

it('ends an upload when its owner says so', async () => {
	const path = await begin(3, { path: '/f' });
	await patch(path, 0, 'on');
	expect(await call('DELETE', path)).toMatchObject({ status: 204 });
	expect(await call('HEAD', path)).toMatchObject({ status: 404 });
	expect(await left()).toEqual([]);
});

describe('an upload that is ended', () => {
	it('while it is being finished is finished first, and then only its answer is forgotten', async () => {
		const path = await begin(3, { path: '/f' });
		let commit = (): void => {};
		const committing = new Promise<void>((reached) => {
			beforeCommit = () => {
				reached();
				return new Promise((resolve) => {
					commit = resolve;
				});
			};
		});
		const last = patch(path, 0, 'one');
		await committing;
		const ended = call('DELETE', path);
		const again = call('DELETE', path);
		// A whole request later they have come in, most likely; the outcome is the same if not.
		expect((await call('OPTIONS', TUS_PREFIX)).status).toBe(204);
		commit();
		expect(await last).toMatchObject({ status: 204, answer: { file: { path: '/f', version: 1 } } });
		expect([(await ended).status, (await again).status]).toEqual([204, 204]);
		expect(await call('HEAD', path)).toMatchObject({ status: 404 });
		expect(await left()).toEqual([]);
		expect(await room.list()).toEqual(['/f']);
	});

	it('at any moment of its end is a file or is none, and nobody hears of an inner failure', async () => {
		for (let turns = 0; turns < 60; turns++) {
			const path = await begin(3, { path: `/f${turns}` });
			const last = patch(path, 0, 'one');
			for (let turn = 0; turn < turns; turn++) await new Promise((resolve) => setImmediate(resolve));
			const ended = await call('DELETE', path);
			expect([204, 404]).toContain((await last).status);
			expect(ended.status).toBe(204);
			expect(await call('HEAD', path)).toMatchObject({ status: 404 });
			const isThere = (await room.list()).includes(`/f${turns}`);
			expect(isThere).toBe((await last).status === 204);
		}
		expect(await left()).toEqual([]);
	});

	it('by its age, under the hands of its finisher, is not found', async () => {
		const path = await begin(3, { path: '/f' });
		const stage = room.blobs.stage.bind(room.blobs);
		room.blobs.stage = async (...args) => {
			await door.expire(Date.now() + 48 * 3_600_000);
			return stage(...args);
		};
		expect(await patch(path, 0, 'one')).toMatchObject({ status: 404, code: 'not-found' });
		expect(await left()).toEqual([]);
		expect(await room.list()).toEqual([]);
	});
});

describe('one person', () => {
	const other = { 'x-user': '2' };

	it('may have begun so many uploads, also at once, and also after a restart', async () => {
		door = await openDoor({ mostBegun: 3 });
		const begun = await Promise.all(Array.from({ length: 6 }, (_, i) => create(3, { path: `/f${i}` })));
		expect(begun.map(({ status }) => status).sort()).toEqual([201, 201, 201, 429, 429, 429]);
		expect(begun.find(({ status }) => status === 429)?.code).toBe('too-many-requests');
		door = await openDoor({ mostBegun: 3 });
		expect((await create(3, { path: '/f' })).status).toBe(429);
		expect((await create(3, { path: '/f' }, other)).status).toBe(201);
		const [first, second] = begun.flatMap(({ headers }) => headers.location ?? []);
		await call('DELETE', first!);
		expect((await create(3, { path: '/f' })).status).toBe(201);
		expect((await create(3, { path: '/f' })).status).toBe(429);
		expect((await patch(second!, 0, 'one')).status).toBe(204);
		expect((await create(3, { path: '/f' })).status).toBe(201);
	});

	it('has the newest answers kept, and others’ are not counted', async () => {
		door = await openDoor({ mostAnswers: 2 });
		const finish = async (path: string, headers = {}): Promise<string> => {
			const { headers: said } = await create(3, { path }, headers);
			expect((await patch(said.location!, 0, 'one', headers)).status).toBe(204);
			return said.location!;
		};
		const theirs = await finish('/theirs', other);
		const mine = [await finish('/f0'), await finish('/f1'), await finish('/f2')];
		const statuses = () => Promise.all(mine.map(async (path) => (await call('HEAD', path)).status));
		expect(await statuses()).toEqual([404, 200, 200]);
		door = await openDoor({ mostAnswers: 2 });
		mine.push(await finish('/f3'));
		expect((await statuses()).filter((status) => status === 200)).toHaveLength(2);
		expect((await call('HEAD', mine[3]!)).status).toBe(200);
		expect((await call('HEAD', theirs, other)).status).toBe(200);
		expect(await left()).toHaveLength(3);
		expect(await room.list()).toHaveLength(4);
	});
});

it.each([
	['.done', ''],
	['.done', '{'],
	['.done', '{"size":3}'],
	['.json', ''],
	['.json', '{'],
])('a damaged record (%s with "%s") is as none', async (ending, content) => {
	const path = await begin(3, { path: '/f' });
	if (ending === '.done') await patch(path, 0, 'one');
	const record = room.folder.join('uploads', path.slice(TUS_PREFIX.length + 1) + ending);
	await writeFile(record, content);
	expect(await call('HEAD', path)).toMatchObject({ status: 404 });
	expect(await patch(path, 0, 'one')).toMatchObject({ status: 404, code: 'not-found' });
	expect(await call('DELETE', path)).toMatchObject({ status: 204 });
	expect(await left()).toEqual([]);
});

it('forgets what has expired, begun or finished, and nothing else', async () => {
	const old = await begin(3, { path: '/old' });
	const done = await begin(3, { path: '/done' });
	await patch(done, 0, 'one');
	const stale = new Date(Date.now() - 25 * 3_600_000);
	for (const name of await left()) await utimes(room.folder.join('uploads', name), stale, stale);
	const young = await begin(3, { path: '/young' });
	expect(await door.expire()).toBe(2);
	expect(await call('HEAD', old)).toMatchObject({ status: 404 });
	expect(await call('HEAD', done)).toMatchObject({ status: 404 });
	expect(await call('HEAD', young)).toMatchObject({ status: 200 });
	expect(await room.list()).toEqual(['/done']);
});

it('lets one request at a time write, and the later one win over a dead connection', async () => {
	const content = randomBytes(2_000_000);
	const path = await begin(content.length, { path: '/f', sha256: sha256(content) });
	const arriving = room.folder.join('uploads', path.slice(TUS_PREFIX.length + 1));
	const socket = connect(Number(new URL(url).port), '127.0.0.1');
	socket.write(
		`PATCH ${path} HTTP/1.1\r\nhost: x\r\ntus-resumable: 1.0.0\r\nupload-offset: 0\r\ncontent-type: application/offset+octet-stream\r\ncontent-length: 2000000\r\n\r\n`,
	);
	// Then it says nothing more and does not hang up either.
	socket.write(content.subarray(0, 900_000));
	await expect.poll(async () => (await stat(arriving)).size).toBeGreaterThan(0);
	const { headers } = await call('HEAD', path);
	const offset = Number(headers['upload-offset']);
	expect(offset).toBeGreaterThan(0);
	const rest = await patch(path, offset, content.subarray(offset));
	expect(rest.answer?.file).toMatchObject({ size: content.length, sha256: sha256(content) });
	socket.destroy();
});

it('tells what it speaks', async () => {
	const { status, headers } = await call('OPTIONS', TUS_PREFIX);
	expect(status).toBe(204);
	expect(headers).toMatchObject({
		'tus-version': '1.0.0',
		'tus-extension': 'creation,creation-with-upload,termination,expiration',
		'tus-max-size': String(MAX_BYTES),
	});
	expect(Object.keys(headers).filter((name) => name.startsWith('access-control'))).toEqual([]);
});
