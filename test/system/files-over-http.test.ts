import { createHash, randomBytes } from 'node:crypto';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { FileDetail } from '../../shared/protocol/file.ts';
import type { Api } from '../support/api.ts';
import { checkInvariants } from '../support/check-invariants.ts';
import { type RunningCoordinator, startCoordinator } from '../support/start-coordinator.ts';

let coordinator: RunningCoordinator;
let anna: Api;

beforeAll(async () => {
	coordinator = await startCoordinator();
	anna = await coordinator.newUser('anna');
});
afterAll(async () => {
	await coordinator.stop();
	await checkInvariants({ data: coordinator.data, settled: false });
	await coordinator[Symbol.asyncDispose]();
});

const sha256Of = (content: Buffer | string) => createHash('sha256').update(content).digest('hex');
const etagOf = (content: Buffer | string) => `"${sha256Of(content)}"`;
const digestOf = (content: Buffer | string) => `sha-256=:${createHash('sha256').update(content).digest('base64')}:`;
const content = (path: string) => `/api/v1/content${path}`;
const codeOf = ({ body }: { body: Buffer }) => JSON.parse(body.toString()).code;

test('a file comes back whole, in ranges, and by its ETag', async () => {
	const bytes = randomBytes(300_000);
	const { file } = await anna.upload('/ranges/whole.bin', bytes);
	expect(file).toMatchObject({ path: '/ranges/whole.bin', size: 300_000, sha256: sha256Of(bytes), version: 1 });
	const path = content('/ranges/whole.bin');

	const whole = await anna.raw('GET', path);
	expect(whole.status).toBe(200);
	expect(whole.body.equals(bytes)).toBe(true);
	expect(whole.headers).toMatchObject({
		etag: etagOf(bytes),
		'accept-ranges': 'bytes',
		'content-length': '300000',
		'x-content-type-options': 'nosniff',
	});
	expect(whole.headers['content-disposition']).toMatch(/^attachment/);

	const head = await anna.raw('HEAD', path);
	expect(head).toMatchObject({ status: 200, headers: { etag: etagOf(bytes), 'content-length': '300000' } });
	expect(head.body).toHaveLength(0);

	for (const [range, from, to] of [
		['bytes=0-0', 0, 1],
		['bytes=100-199', 100, 200],
		['bytes=299999-', 299_999, 300_000],
		['bytes=-500', 299_500, 300_000],
		['bytes=299000-999999', 299_000, 300_000],
	] as const) {
		const part = await anna.raw('GET', path, undefined, { range });
		expect(part.status, range).toBe(206);
		expect(part.headers['content-range']).toBe(`bytes ${from}-${to - 1}/300000`);
		expect(part.body.equals(bytes.subarray(from, to)), range).toBe(true);
	}
	for (const range of ['bytes=300000-', 'bytes=-0']) {
		const outside = await anna.raw('GET', path, undefined, { range });
		expect(outside.status, range).toBe(416);
		expect(outside.headers['content-range']).toBe('bytes */300000');
	}
	// What is no range is no reason to refuse the file (RFC 9110, 14.2).
	for (const range of ['bytes=abc', 'lines=1-2', 'bytes=5-2']) {
		expect((await anna.raw('GET', path, undefined, { range })).status, range).toBe(200);
	}
	const unchanged = await anna.raw('GET', path, undefined, { 'if-none-match': etagOf(bytes) });
	expect(unchanged.status).toBe(304);
	expect(unchanged.body).toHaveLength(0);
	const stale = await anna.raw('GET', path, undefined, { range: 'bytes=0-9', 'if-range': etagOf('other') });
	expect(stale.status, 'a range of something else is the whole').toBe(200);
});

test('conditions are kept: what has changed is not overwritten unseen', async () => {
	await anna.upload('/conditions.txt', 'one', { 'if-none-match': '*' });
	const put = (text: string, headers: Record<string, string>) =>
		anna.raw('PUT', content('/conditions.txt'), text, headers);
	const taken = await put('two', { 'if-none-match': '*' });
	expect([taken.status, codeOf(taken)]).toEqual([412, 'precondition-failed']);
	const wrong = await put('two', { 'if-match': etagOf('zero') });
	expect([wrong.status, codeOf(wrong)]).toEqual([412, 'precondition-failed']);
	const right = await put('two', { 'if-match': etagOf('one') });
	expect([right.status, JSON.parse(right.body.toString()).file.version]).toEqual([200, 2]);
	expect((await put('three', { 'if-match': etagOf('one') })).status).toBe(412);
	const absent = await anna.raw('PUT', content('/not-there.txt'), 'x', { 'if-match': '*' });
	expect(absent.status).toBe(412);
	expect((await anna.raw('HEAD', content('/not-there.txt'))).status).toBe(404);
	expect((await anna.raw('GET', content('/conditions.txt'))).body.toString()).toBe('two');
	const removal = await anna.raw('DELETE', content('/conditions.txt'), undefined, { 'if-match': etagOf('one') });
	expect(removal.status).toBe(412);
	expect((await anna.raw('GET', content('/conditions.txt'))).status).toBe(200);
});

test('a declared checksum that does not fit refuses the upload and leaves nothing', async () => {
	const bad = await anna.raw('PUT', content('/sums/bad.txt'), 'content', { 'content-digest': digestOf('other') });
	expect([bad.status, codeOf(bad)]).toEqual([400, 'checksum-mismatch']);
	expect((await anna.raw('HEAD', content('/sums/bad.txt'))).status).toBe(404);
	const good = await anna.upload('/sums/good.txt', 'content', { 'content-digest': digestOf('content') });
	expect(good.file.sha256).toBe(sha256Of('content'));
	for (const nonsense of ['sha-256=:%%%:', 'sha-256=abc', 'md5=:AAAA:', '']) {
		const answer = await anna.raw('PUT', content('/sums/odd.txt'), 'content', { 'content-digest': nonsense });
		expect(answer.status, nonsense).toBeLessThan(500);
	}
});

test('an empty file is a file', async () => {
	const { file, tasks } = await anna.upload('/empty', '');
	expect(file).toMatchObject({ size: 0, sha256: sha256Of(''), version: 1 });
	expect(tasks.map(({ type }) => type).sort()).toEqual(['md5', 'mimetype']);
	const answer = await anna.raw('GET', content('/empty'));
	expect(answer).toMatchObject({ status: 200, headers: { 'content-length': '0', etag: etagOf('') } });
	expect((await anna.raw('GET', content('/empty'), undefined, { range: 'bytes=0-' })).status).toBe(416);
});

test('two uploads to one name at once become two whole versions', async () => {
	const [one, two] = [randomBytes(200_000), randomBytes(250_000)];
	const [a, b] = await Promise.all([anna.upload('/race.bin', one), anna.upload('/race.bin', two)]);
	expect(a.file.id).toBe(b.file.id);
	expect([a.file.version, b.file.version].sort()).toEqual([1, 2]);
	const file = await anna.get<FileDetail>(`/files/${a.file.id}`);
	expect(file.versions).toHaveLength(2);
	for (const [bytes, { version }] of [
		[one, a.file],
		[two, b.file],
	] as const) {
		const answer = await anna.raw('GET', `/api/v1/files/${file.id}/content?version=${version}`);
		expect(answer.body.equals(bytes)).toBe(true);
	}
	const newest = a.file.version === 2 ? one : two;
	expect((await anna.raw('GET', content('/race.bin'))).body.equals(newest)).toBe(true);

	const firsts = await Promise.all(
		[one, two].map((bytes) => anna.raw('PUT', content('/only-one.bin'), bytes, { 'if-none-match': '*' })),
	);
	expect(firsts.map(({ status }) => status).sort()).toEqual([201, 412]);
});

test('what is deleted is gone from its place, and comes back from the trash with its versions', async () => {
	const { file } = await anna.upload('/trash/me.txt', 'one');
	await anna.upload('/trash/me.txt', 'two');
	expect((await anna.raw('DELETE', content('/trash/me.txt'))).status).toBe(204);
	expect((await anna.raw('GET', content('/trash/me.txt'))).status).toBe(404);
	const trash = await anna.get<{ items: { id: string }[] }>('/files?trash=true');
	expect(trash.items.map(({ id }) => id)).toContain(file.id);
	const other = await anna.upload('/trash/me.txt', 'another');
	expect(other.file.id).not.toBe(file.id);
	// What stands in its place now is not pushed aside.
	await expect(anna.post(`/files/${file.id}:restore`)).rejects.toMatchObject({ code: 'name-taken' });
	expect((await anna.raw('GET', content('/trash/me.txt'))).body.toString()).toBe('another');
	expect((await anna.raw('DELETE', content('/trash/me.txt'))).status).toBe(204);
	await anna.post(`/files/${file.id}:restore`);
	const back = await anna.get<FileDetail>(`/files/${file.id}`);
	expect(back).toMatchObject({ path: '/trash/me.txt', trashedAt: null, version: 2 });
	expect((await anna.raw('GET', content('/trash/me.txt'))).body.toString()).toBe('two');
});

test('lists go page by page and show each entry once', async () => {
	const names = Array.from({ length: 25 }, (_, i) => `/pages/f${String(i).padStart(2, '0')}.txt`);
	for (const name of names) await anna.upload(name, name);
	const seen: string[] = [];
	let cursor = '';
	do {
		const page = await anna.get<{ items: { path: string }[]; nextCursor: string | null }>(
			`/files?folder=/pages&limit=10${cursor && `&cursor=${encodeURIComponent(cursor)}`}`,
		);
		expect(page.items.length).toBeLessThanOrEqual(10);
		seen.push(...page.items.map(({ path }) => path));
		cursor = page.nextCursor ?? '';
	} while (cursor !== '');
	expect(seen).toEqual(names);
	await expect(anna.get('/files?folder=/pages&cursor=nonsense')).rejects.toMatchObject({ code: 'bad-cursor' });
	await expect(anna.get('/files?folder=/no-such-folder')).rejects.toMatchObject({ status: 404 });
});

test('one person neither sees nor reaches what is another’s', async () => {
	const { file } = await anna.upload('/mine.txt', 'secret');
	const bob = await coordinator.newUser('bob');
	expect((await bob.raw('GET', content('/mine.txt'))).status).toBe(404);
	for (const [method, path] of [
		['GET', `/api/v1/files/${file.id}`],
		['GET', `/api/v1/files/${file.id}/content`],
		['GET', `/api/v1/files/${file.id}/thumbnail`],
		['DELETE', `/api/v1/files/${file.id}`],
		['POST', `/api/v1/files/${file.id}:restore`],
	] as const) {
		const answer = await bob.raw(method, path);
		expect([answer.status, codeOf(answer)], `${method} ${path}`).toEqual([404, 'not-found']);
	}
	await expect(bob.post('/tasks', { type: 'md5', inputs: [{ file: file.id }] })).rejects.toMatchObject({
		code: 'inputs-invalid',
	});
	expect((await anna.raw('GET', content('/mine.txt'))).status).toBe(200);
});
