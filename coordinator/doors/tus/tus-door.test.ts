import { createHash, randomBytes } from 'node:crypto';
import { stat } from 'node:fs/promises';
import { connect } from 'node:net';
import { Readable } from 'node:stream';
import { Upload } from 'tus-js-client';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { readUploadAnswer } from '../../../shared/client/tus-answer.ts';
import { CodedError } from '../../../shared/coded-error.ts';
import type { UploadAnswer } from '../../../shared/protocol/file.ts';
import { metadata, TUS_MAX_BYTES, TusStage } from '../../../test/support/tus-stage.ts';
import { TUS_PREFIX } from './tus-door.ts';

const sha256 = (content: Buffer | string): string => createHash('sha256').update(content).digest('hex');

let stage: TusStage;
beforeEach(async () => {
	stage = await TusStage.open();
});
afterEach(() => stage[Symbol.asyncDispose]());

describe('an upload', () => {
	it('comes in pieces and ends with the answer that a PUT would have got', async () => {
		const content = randomBytes(1_000_000);
		const path = await stage.begin(content.length, { path: '/a/b.bin', sha256: sha256(content) });
		expect(path).toMatch(/^\/api\/v1\/uploads\/usr_1-[0-9a-f]{32}$/);
		const first = await stage.patch(path, 0, content.subarray(0, 400_000));
		expect(first).toMatchObject({ status: 204, headers: { 'upload-offset': '400000' }, answer: null });
		expect(first.headers['upload-expires']).toBeDefined();
		expect(await stage.call('HEAD', path)).toMatchObject({
			status: 200,
			headers: { 'upload-offset': '400000', 'upload-length': '1000000', 'cache-control': 'no-store' },
		});
		expect(await stage.room.list()).toEqual([]);
		const last = await stage.patch(path, 400_000, content.subarray(400_000));
		expect(last).toMatchObject({
			status: 204,
			headers: { 'upload-offset': '1000000' },
			answer: { file: { path: '/a/b.bin', size: 1_000_000, sha256: sha256(content), version: 1 }, tasks: [] },
		});
		expect(await stage.room.list('/a')).toEqual(['/a/b.bin']);
	});

	it('may begin with its first bytes, or with all of them, or be empty', async () => {
		const headers = { 'content-type': 'application/offset+octet-stream' };
		const withAll = await stage.call(
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
		const some = await stage.call(
			'POST',
			TUS_PREFIX,
			{ ...headers, 'upload-length': '4', 'upload-metadata': metadata({ path: '/some' }) },
			'so',
		);
		expect(some).toMatchObject({ status: 201, answer: null });
		expect((await stage.patch(some.headers.location!, 2, 'me')).answer?.file.path).toBe('/some');
		expect((await stage.create(0, { path: '/empty' })).answer).toMatchObject({ file: { path: '/empty', size: 0 } });
	});

	it('is done by the usual client, through cuts', async () => {
		const content = randomBytes(3_000_000);
		let cuts = 0;
		stage.server.on('request', (request) => {
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
				endpoint: stage.url + TUS_PREFIX,
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
		const path = await stage.begin(content.length, { path: '/f', sha256: sha256(content) });
		await new Promise<void>((resolve) => {
			const socket = connect(stage.port, '127.0.0.1', () => {
				socket.write(
					`PATCH ${path} HTTP/1.1\r\nhost: x\r\ntus-resumable: 1.0.0\r\nupload-offset: 0\r\ncontent-type: application/offset+octet-stream\r\ncontent-length: 500000\r\n\r\n`,
				);
				socket.write(content.subarray(0, 123_456), () => socket.end());
			});
			socket.on('close', () => resolve());
			socket.resume();
		});
		const { headers } = await stage.call('HEAD', path);
		const offset = Number(headers['upload-offset']);
		expect(offset).toBeLessThanOrEqual(123_456);
		expect((await stage.patch(path, offset, content.subarray(offset))).answer?.file.sha256).toBe(sha256(content));
	});
});

describe('the end of an upload', () => {
	it('whose answer was lost gives the same answer again, and one file version', async () => {
		const path = await stage.begin(3, { path: '/f' });
		const { answer } = await stage.patch(path, 0, 'one');
		expect(answer).not.toBeNull();
		expect(await stage.call('HEAD', path)).toMatchObject({
			status: 200,
			headers: { 'upload-offset': '3', 'upload-length': '3' },
			answer,
		});
		expect(await stage.patch(path, 3, '')).toMatchObject({ status: 204, answer });
		expect(await stage.patch(path, 0, 'one')).toMatchObject({ status: 409, code: 'conflict' });
		// Also after a restart.
		await stage.openDoor();
		expect((await stage.call('HEAD', path)).answer).toEqual(answer);
		expect(stage.received).toBe(1);
		expect(await stage.call('DELETE', path)).toMatchObject({ status: 204 });
		expect(await stage.call('HEAD', path)).toMatchObject({ status: 404 });
		expect(await stage.left()).toEqual([]);
		expect(await stage.room.list()).toEqual(['/f']);
	});

	it('is made up for when the process died before the commit', async () => {
		const path = await stage.begin(3, { path: '/f' });
		stage.beforeCommit = () => Promise.reject(new CodedError('overloaded'));
		expect(await stage.patch(path, 0, 'one')).toMatchObject({ status: 503, code: 'overloaded' });
		expect(await stage.room.list()).toEqual([]);
		stage.beforeCommit = async () => {};
		await stage.openDoor();
		expect(await stage.call('HEAD', path)).toMatchObject({ status: 200, answer: { file: { path: '/f', version: 1 } } });
		expect(await stage.room.list()).toEqual(['/f']);
	});

	it('happens once, however many ask for it at once', async () => {
		const path = await stage.begin(3, { path: '/f' });
		let commit = (): void => {};
		const committing = new Promise<void>((reached) => {
			stage.beforeCommit = () => {
				reached();
				return new Promise((resolve) => {
					commit = resolve;
				});
			};
		});
		const asking = [stage.patch(path, 0, 'one')];
		await committing;
		asking.push(stage.call('HEAD', path), stage.patch(path, 3, ''), stage.call('HEAD', path));
		commit();
		const answers = await Promise.all(asking);
		for (const { answer } of answers) expect(answer).toEqual(answers[0]!.answer);
		expect(stage.received).toBe(1);
	});

	it.each<[string, Record<string, string>, number, string]>([
		['another content than declared', { sha256: '0'.repeat(64) }, 400, 'checksum-mismatch'],
		['a name that was taken meanwhile', { ifNoneMatch: '*' }, 412, 'precondition-failed'],
		['the word of another client for that', { overwrite: 'no' }, 412, 'precondition-failed'],
		['another file than the one expected', { ifMatch: sha256('before') }, 412, 'precondition-failed'],
	])('refuses %s, and the upload is gone', async (_, said, status, code) => {
		if (said.ifMatch) await stage.room.upload('/f', 'before');
		const path = await stage.begin(3, { path: '/f', ...said });
		await stage.room.upload('/f', 'other');
		expect(await stage.patch(path, 0, 'one')).toMatchObject({ status, code });
		expect(await stage.call('HEAD', path)).toMatchObject({ status: 404 });
		expect(await stage.left()).toEqual([]);
		expect(stage.room.count('SELECT count(*) FROM file_versions')).toBe(said.ifMatch ? 2 : 1);
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
		await stage.room.upload('/taken');
		await stage.room.files.makeFolder(1, ['folder']);
		expect(await stage.create(3, said as Record<string, string>)).toMatchObject({ status, code });
		expect(await stage.left()).toEqual([]);
	});

	it('when it is too large, of unknown length, or too large for the disk', async () => {
		expect(await stage.create(TUS_MAX_BYTES + 1, { path: '/f' })).toMatchObject({
			status: 413,
			code: 'file-too-large',
		});
		const unknown = await stage.call('POST', TUS_PREFIX, {
			'upload-defer-length': '1',
			'upload-metadata': metadata({ path: '/f' }),
		});
		expect(unknown).toMatchObject({ status: 501, code: 'not-implemented' });
		expect(await stage.call('POST', TUS_PREFIX, { 'upload-metadata': metadata({ path: '/f' }) })).toMatchObject({
			status: 400,
		});
		stage.room.blobs.space.require = () => Promise.reject(new CodedError('disk-full'));
		expect(await stage.create(3, { path: '/f' })).toMatchObject({ status: 507, code: 'disk-full' });
		expect(await stage.left()).toEqual([]);
	});

	it('when it is not of this protocol', async () => {
		expect(await stage.call('POST', TUS_PREFIX, { 'tus-resumable': '0.2.0' })).toMatchObject({
			status: 412,
			code: 'precondition-failed',
			headers: { 'tus-version': '1.0.0' },
		});
		expect(await stage.call('GET', TUS_PREFIX)).toMatchObject({ status: 405 });
		expect(await stage.call('POST', `${TUS_PREFIX}/x`)).toMatchObject({ status: 405 });
		for (const id of [
			'x',
			'..%2f..%2fledger.db',
			'usr_1-',
			`usr_1-${'0'.repeat(32)}`,
			`usr_1-${'0'.repeat(32)}.json`,
		]) {
			expect(await stage.call('HEAD', `${TUS_PREFIX}/${id}`)).toMatchObject({ status: 404 });
			expect(await stage.call('DELETE', `${TUS_PREFIX}/${id}`)).toMatchObject({ status: id.length === 38 ? 204 : 404 });
		}
	});

	it('when pieces do not fit', async () => {
		const path = await stage.begin(10, { path: '/f' });
		expect(await stage.patch(path, 5, 'x')).toMatchObject({ status: 409, code: 'conflict' });
		expect(await stage.patch(path, 0, 'longer than ten')).toMatchObject({ status: 413 });
		expect(await stage.patch(path, 0, 'x', { 'content-type': 'text/plain' })).toMatchObject({ status: 400 });
		expect((await stage.call('HEAD', path)).headers['upload-offset']).toBe('0');
	});
});

it('takes what clients of other makes say', async () => {
	const path = await stage.begin(1, { filename: 'a b.txt', folder: '/x', filetype: 'text/plain' });
	expect((await stage.patch(path, 0, 'x')).answer?.file.path).toBe('/x/a b.txt');
});

it('tells nothing of other people’s uploads and lets nobody else touch them', async () => {
	const path = await stage.begin(3, { path: '/f' });
	const other = { 'x-user': '2' };
	expect(await stage.call('HEAD', path, other)).toMatchObject({ status: 404 });
	expect(await stage.patch(path, 0, 'one', other)).toMatchObject({ status: 404, code: 'not-found' });
	expect(await stage.call('DELETE', path, other)).toMatchObject({ status: 404 });
	await stage.patch(path, 0, 'one');
	expect(await stage.call('HEAD', path, other)).toMatchObject({ status: 404, answer: null });
});

it('lets one request at a time write, and the later one win over a dead connection', async () => {
	const content = randomBytes(2_000_000);
	const path = await stage.begin(content.length, { path: '/f', sha256: sha256(content) });
	const arriving = stage.room.folder.join('uploads', path.slice(TUS_PREFIX.length + 1));
	const socket = connect(stage.port, '127.0.0.1');
	socket.write(
		`PATCH ${path} HTTP/1.1\r\nhost: x\r\ntus-resumable: 1.0.0\r\nupload-offset: 0\r\ncontent-type: application/offset+octet-stream\r\ncontent-length: 2000000\r\n\r\n`,
	);
	// Then it says nothing more and does not hang up either.
	socket.write(content.subarray(0, 900_000));
	await expect.poll(async () => (await stat(arriving)).size).toBeGreaterThan(0);
	const { headers } = await stage.call('HEAD', path);
	const offset = Number(headers['upload-offset']);
	expect(offset).toBeGreaterThan(0);
	const rest = await stage.patch(path, offset, content.subarray(offset));
	expect(rest.answer?.file).toMatchObject({ size: content.length, sha256: sha256(content) });
	socket.destroy();
});

it('tells what it speaks', async () => {
	const { status, headers } = await stage.call('OPTIONS', TUS_PREFIX);
	expect(status).toBe(204);
	expect(headers).toMatchObject({
		'tus-version': '1.0.0',
		'tus-extension': 'creation,creation-with-upload,termination,expiration',
		'tus-max-size': String(TUS_MAX_BYTES),
	});
	expect(Object.keys(headers).filter((name) => name.startsWith('access-control'))).toEqual([]);
});
