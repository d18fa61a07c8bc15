import { createHash } from 'node:crypto';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { runOutsideTask } from '../../test/support/outside-task.ts';
import { TempFolder } from '../../test/support/temp-folder.ts';
import { WebStandIn } from '../../test/support/web-stand-in.ts';
import { fetchFile } from './fetch.ts';
import { fetchedName, safeName } from './outside/file-name.ts';
import { TaskFailure } from './task-failure.ts';
import type { JsonObject } from './task-module.ts';
import { url as watchUrl } from './url.ts';

let web: WebStandIn;
let folder: TempFolder;
beforeEach(async () => {
	web = await WebStandIn.start();
	folder = new TempFolder();
});
afterEach(async () => {
	await web[Symbol.asyncDispose]();
	await folder[Symbol.asyncDispose]();
});

const egress = () => ({ allow: [web.host], xApi: 'https://api.x.com' });
const fetching = (parameters: JsonObject, secrets: Record<string, string> = {}) =>
	runOutsideTask(folder, fetchFile, parameters, { egress: egress(), secrets });
const failureOf = (act: Promise<unknown>) =>
	act.then(
		() => 'succeeded',
		(error: unknown) => (error instanceof TaskFailure ? error.failure : error),
	);
const sha256 = (text: string) => createHash('sha256').update(text).digest('hex');

describe('fetch', () => {
	it('brings a file as it is, and says what it was', async () => {
		web.serve('/data/report.csv?x=1', 'a,b\n', { 'content-type': 'text/csv; charset=utf-8' });
		const { result, outputs } = await fetching({ url: web.at('/data/report.csv?x=1'), headers: ['Accept: text/csv'] });
		expect(outputs).toEqual([{ name: 'report.csv', mediaType: 'text/csv', content: 'a,b\n' }]);
		expect(result).toEqual({
			url: web.at('/data/report.csv?x=1'),
			...{ status: 200, name: 'report.csv', size: 4, sha256: sha256('a,b\n'), mediaType: 'text/csv' },
		});
		expect(web.asked[0]?.headers).toMatchObject({ accept: 'text/csv' });
	});

	it('sends its secret as the header, where the operator says that is safe, and nowhere over plain HTTP else', async () => {
		web.serve('/a', 'x');
		await fetching({ url: web.at('/a') }, { authorization: 'Bearer tok' });
		expect(web.asked[0]?.headers.authorization).toBe('Bearer tok');
		expect(await failureOf(fetching({ url: 'http://example.com/' }, { authorization: 'Bearer tok' }))).toMatchObject({
			class: 'input',
			code: 'address-refused',
		});
		expect(await failureOf(fetching({ url: web.at('/a') }, { authorization: 'a\nb' }))).toMatchObject({
			code: 'secret-unusable',
		});
	});

	it('refuses what is inside, before and after a redirect, with a sentence', async () => {
		const refused = { class: 'input', code: 'address-refused' };
		expect(await failureOf(fetching({ url: 'http://169.254.169.254/latest/' }))).toMatchObject(refused);
		web.answers.set('/r', (_, response) => void response.writeHead(302, { location: 'http://10.0.0.1/' }).end());
		const failure = await failureOf(fetching({ url: web.at('/r') }));
		expect(failure).toMatchObject({
			...refused,
			message: expect.stringContaining('http://10.0.0.1 may not be asked: its address is not public.'),
		});
	});

	it.each([
		[404, {}, { class: 'input', code: 'fetch-missing' }],
		[401, {}, { class: 'input', code: 'fetch-refused' }],
		[418, {}, { class: 'input', code: 'fetch-status' }],
		[503, { 'retry-after': '120' }, { class: 'transient', code: 'fetch-status', retryAfterMs: 120_000 }],
		[429, {}, { class: 'transient', code: 'fetch-status' }],
	])('takes status %i for what it is', async (status, headers, failure) => {
		web.answers.set('/s', (_, response) => void response.writeHead(status, headers).end('sorry'));
		expect(await failureOf(fetching({ url: web.at('/s') }))).toMatchObject(failure);
	});

	it('stops at the size that is wanted', async () => {
		web.serve('/big', Buffer.alloc(100_000));
		expect(await failureOf(fetching({ url: web.at('/big'), maxBytes: 99_999 }))).toMatchObject({
			class: 'permanent',
			code: 'answer-too-large',
		});
	});

	it.each(['Authorization: x', 'Cookie: a=b', 'Host: other', 'Content-Length: 5', 'no header', 'A: b\r\nC: d'])(
		'does not take the header %j',
		async (header) => {
			expect(await failureOf(fetching({ url: web.at('/a'), headers: [header] }))).toMatchObject({
				code: 'parameters-invalid',
			});
		},
	);

	it('asks nobody on a node that asks nobody', async () => {
		expect(await failureOf(runOutsideTask(folder, fetchFile, { url: web.at('/a') }))).toMatchObject({
			code: 'egress-none',
		});
		expect(web.asked).toEqual([]);
	});
});

describe('the name of a fetched file', () => {
	it.each([
		['wanted.txt', 'attachment; filename="theirs.txt"', 'wanted.txt'],
		[undefined, 'attachment; filename="theirs.txt"', 'theirs.txt'],
		[undefined, "attachment; filename=a.txt; filename*=UTF-8''%e2%82%ac.txt", '€.txt'],
		[undefined, 'attachment; filename="../../etc/passwd"', 'passwd'],
		[undefined, 'attachment; filename="..\\\\..\\\\boot.ini"', 'boot.ini'],
		[undefined, 'attachment; filename=".."', 'last part.bin'],
		[undefined, undefined, 'last part.bin'],
	])('asked %j, header %j: %s', (asked, header, name) => {
		expect(fetchedName(asked, header, 'https://x.test/dir/last%20part.bin?q')).toBe(name);
	});

	it('is always one that can be', () => {
		expect(fetchedName(undefined, undefined, 'https://x.test/')).toBe('download');
		expect(fetchedName('/..', undefined, 'https://x.test/%2e%2e%2f')).toBe('download');
		expect(safeName('a\u0000b\u202egpj.exe')).toBe('a_b_gpj.exe');
		const long = safeName(`${'ä'.repeat(300)}.jpeg`);
		expect(Buffer.byteLength(long)).toBeLessThanOrEqual(200);
		expect(long.endsWith('ä.jpeg')).toBe(true);
	});
});

describe('url', () => {
	const watch = (parameters: JsonObject, cursor?: unknown, left: number | null = null) =>
		runOutsideTask(folder, watchUrl, parameters, {
			egress: egress(),
			source: cursor === undefined ? null : { cursor: cursor as JsonObject, left },
		});

	it('brings the content and a line when it has changed, and nothing while it has not', async () => {
		const address = web.at('/page.html');
		web.serve('/page.html', 'one', { etag: '"1"', 'content-type': 'text/html' });
		const first = await watch({ url: address });
		expect(first.result).toMatchObject({ items: 1, more: false, cursor: { url: address, etag: '"1"' } });
		expect(first.items).toMatchObject([{ key: sha256('one'), url: address, size: 3, mediaType: 'text/html' }]);
		expect(first.outputs.map(({ name }) => name)).toEqual(['content.html', 'items.jsonl']);

		const second = await watch({ url: address }, first.result.cursor);
		expect(second).toMatchObject({ result: { items: 0, cursor: first.result.cursor }, outputs: [] });
		expect(web.asked[1]?.headers['if-none-match']).toBe('"1"');

		// Another tag, and the same content.
		web.serve('/page.html', 'one', { etag: '"2"' });
		const third = await watch({ url: address }, second.result.cursor);
		expect(third).toMatchObject({ result: { items: 0, cursor: { etag: '"2"' } }, outputs: [] });

		web.serve('/page.html', 'two');
		const fourth = await watch({ url: address, store: false }, third.result.cursor);
		expect(fourth.result).toMatchObject({ items: 1, cursor: { etag: null, sha256: sha256('two') } });
		expect(fourth.outputs.map(({ name }) => name)).toEqual(['items.jsonl']);
	});

	it('does not take another address’s cursor for its own, nor one that it cannot read', async () => {
		web.serve('/a', 'same');
		web.serve('/b', 'same');
		const a = await watch({ url: web.at('/a') });
		expect((await watch({ url: web.at('/b') }, a.result.cursor)).result.items).toBe(1);
		expect((await watch({ url: web.at('/a') }, 'nonsense')).result.items).toBe(1);
	});

	it('reads nothing when nothing may be read', async () => {
		web.serve('/a', 'one');
		expect((await watch({ url: web.at('/a') }, {}, 0)).result).toMatchObject({ items: 0, more: true });
		expect(web.asked).toEqual([]);
	});
});
