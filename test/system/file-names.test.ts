import { existsSync } from 'node:fs';
import { readdir } from 'node:fs/promises';
import { dirname } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Api } from '../support/api.ts';
import { RawConnection } from '../support/raw-connection.ts';
import { type RunningCoordinator, startCoordinator } from '../support/start-coordinator.ts';
import { TusUpload } from '../support/tus-upload.ts';

let coordinator: RunningCoordinator;
let anna: Api;

beforeAll(async () => {
	coordinator = await startCoordinator();
	anna = await coordinator.newUser('anna');
});
afterAll(() => coordinator[Symbol.asyncDispose]());

/** A PUT whose address is sent as it is, without a client's tidying. */
const put = async (address: string) => {
	const reply = await RawConnection.exchange(
		coordinator.port,
		`PUT ${address} HTTP/1.1\r\nhost: 127.0.0.1\r\nauthorization: Bearer ${anna.token}\r\ncontent-length: 1\r\nconnection: close\r\n\r\nx`,
	);
	const code = /"code":"([a-z-]+)"/.exec(reply.body)?.[1];
	return `${reply.status}${code ? ` ${code}` : ''}`;
};
const paths = async (folder: string) =>
	(await anna.get<{ items: { path: string }[] }>(`/files?folder=${encodeURIComponent(folder)}`)).items.map(
		({ path }) => path,
	);

test('addresses that mean no path inside the tree are refused, and nothing is written outside', async () => {
	const before = (await readdir(dirname(coordinator.data))).sort();
	const at = (path: string) => `/api/v1/content${path}`;
	for (const path of [
		'/..',
		'/../x',
		'/a/../b',
		'/a/../../../../etc/x',
		'/a/..%2fb',
		'/%2e%2e/x',
		'/a/%2e%2e/b',
		'/a/./b',
		'/%2e/b',
		'/a//b',
		'//b',
		'/a/b/',
		'/a%00b',
		'/%00',
		'/a%ff',
		'/%ff%fe',
		'/%c0%ae%c0%ae/x',
		'/%ed%a0%80',
		'/a%2',
		'/%',
		'/a%2fb',
		'/a%0ab',
		'/a%0d%0ax:y',
		'/a%1b[31m',
		'/a%7f',
		'/%e2%80%aegpj.exe',
		`/${'n'.repeat(256)}`,
		`/${'%c3%bc'.repeat(128)}`,
		`/${'d/'.repeat(64)}x`,
		`/${`${'x'.repeat(200)}/`.repeat(21)}y`,
	]) {
		expect(await put(at(path)), path.slice(0, 80)).toMatch(/^(400 bad-path|400 bad-request|404 not-found|431|414)/);
	}
	expect(await paths('/')).toEqual([]);
	// Servers must take whole addresses; the host in it means nothing here.
	expect(await put('http://elsewhere.example/api/v1/content/a')).toBe('201');
	expect(await paths('/')).toEqual(['/a']);
	expect((await readdir(dirname(coordinator.data))).sort()).toEqual(before);
	expect(existsSync('/etc/x')).toBe(false);
});

test('odd but honest names round-trip', async () => {
	const names = [
		'with space',
		'plus+and&amp;',
		'percent%41',
		'%2e%2e',
		'..hidden',
		'...',
		'semi;colon',
		'quote"\'`',
		'back\\slash',
		'question?hash#',
		'CON',
		'nul.txt',
		'-rf',
		'~',
		'日本語',
		'👩‍👩‍👧‍👦.jpg',
		'مرحبا',
		'<img src=x onerror=alert(1)>',
		"'; DROP TABLE files; --",
		'$HOME',
		'{{7*7}}',
		'x'.repeat(255),
		'ü'.repeat(127),
	];
	for (const name of names) {
		const { file } = await anna.upload(`/odd/${name}`, name);
		expect(file.path, name).toBe(`/odd/${name}`);
		const back = await anna.raw('GET', `/api/v1/content/odd/${encodeURIComponent(name)}`);
		expect(back.body.toString(), name).toBe(name);
		expect(back.headers['content-disposition'], name).toMatch(/^attachment/);
		expect(back.headers['content-type'], name).not.toMatch(/html|javascript/);
	}
	expect((await paths('/odd')).sort()).toEqual(names.map((name) => `/odd/${name}`).sort());
});

test('composed and decomposed spellings of a name are one file; case makes two', async () => {
	const first = await anna.upload('/cafe\u0301.txt', 'decomposed');
	expect(first.file.path).toBe('/caf\u00e9.txt');
	const second = await anna.upload('/caf\u00e9.txt', 'composed');
	expect(second.file).toMatchObject({ id: first.file.id, version: 2 });
	const third = await anna.upload('/Caf\u00e9.txt', 'capital');
	expect(third.file.id).not.toBe(first.file.id);
	const listed = (await paths('/')).filter((path) => /caf/i.test(path));
	expect(listed.sort()).toEqual(['/Caf\u00e9.txt', '/caf\u00e9.txt']);
});

test('a file is no folder and a folder is no file', async () => {
	await anna.upload('/thing', 'file');
	const under = await anna.raw('PUT', '/api/v1/content/thing/below', 'x');
	expect([under.status, JSON.parse(under.body.toString()).code]).toEqual([409, 'not-a-folder']);
	await anna.upload('/box/inside', 'file');
	const over = await anna.raw('PUT', '/api/v1/content/box', 'x');
	expect([over.status, JSON.parse(over.body.toString()).code]).toEqual([409, 'is-a-folder']);
});

test('the same rules hold for tus', async () => {
	for (const path of ['/../x', '/a/../b', 'relative', '/', '', '/a\0b', `/${'n'.repeat(256)}`, '/a\u202egpj.exe']) {
		const creation = TusUpload.create(anna, { path, size: 1 });
		await expect(creation, path).rejects.toMatchObject({
			status: expect.toSatisfy((s: number) => s >= 400 && s < 500),
		});
	}
	const upload = await TusUpload.create(anna, { path: '/tus-cafe\u0301', size: 1 });
	expect((await upload.finish(Buffer.from('x'))).file.path).toBe('/tus-caf\u00e9');
});
