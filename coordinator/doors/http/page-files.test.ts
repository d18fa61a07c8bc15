import { mkdir, rm, writeFile } from 'node:fs/promises';
import { gzipSync } from 'node:zlib';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { DoorStage } from '../../../test/support/door-stage.ts';
import { TempFolder } from '../../../test/support/temp-folder.ts';

let folder: TempFolder;
let stage: DoorStage;
beforeEach(async () => {
	folder = new TempFolder();
	await mkdir(folder.join('portal/assets'), { recursive: true });
	await writeFile(folder.join('portal/index.html'), '<!doctype html>portal');
	await writeFile(folder.join('portal/color-scheme.js'), 'scheme()');
	await writeFile(folder.join('portal/assets/main-abc123.js'), 'main()');
	await writeFile(folder.join('portal/assets/main-abc123.js.gz'), gzipSync('main()'));
	await writeFile(folder.join('portal/.secret.html'), 'secret');
	await writeFile(folder.join('outside.html'), 'secret');
	await mkdir(folder.join('admin/assets'), { recursive: true });
	await writeFile(folder.join('admin/index.html'), '<!doctype html>console');
	await writeFile(folder.join('admin/assets/main-def456.js'), 'admin()');
	stage = await new DoorStage().start({ pagesFolder: folder.join('.') });
});
afterEach(async () => {
	await stage[Symbol.asyncDispose]();
	await folder[Symbol.asyncDispose]();
});

const HTML = { accept: 'text/html,*/*' };

describe('the portal', () => {
	it.each(['/', '/tasks/tsk_1', '/files/a/b.jpg', '/set-up?x=1'])('is one page at %s', async (path) => {
		const page = await stage.call('GET', path, HTML);
		expect([page.status, page.text, page.headers['cache-control']]).toEqual([200, '<!doctype html>portal', 'no-cache']);
		expect(page.headers['content-type']).toMatch(/^text\/html/);
		expect(page.headers['content-security-policy']).toContain("script-src 'self'; style-src 'self'");
		expect(page.headers['x-content-type-options']).toBe('nosniff');
		const again = await stage.call('GET', path, { ...HTML, 'if-none-match': String(page.headers.etag) });
		expect(again.status).toBe(304);
		expect((await stage.call('HEAD', path, HTML)).status).toBe(200);
	});

	it('has its assets for ever, compressed where that is laid beside', async () => {
		const plain = await stage.call('GET', '/assets/main-abc123.js', {});
		expect([plain.text, plain.headers['cache-control']]).toEqual(['main()', 'public, max-age=31536000, immutable']);
		const small = await stage.call('GET', '/assets/main-abc123.js', { 'accept-encoding': 'gzip' });
		expect([small.headers['content-encoding'], small.headers['content-type']]).toEqual([
			'gzip',
			'application/javascript; charset=utf-8',
		]);
		expect((await stage.call('GET', '/color-scheme.js', {})).headers['cache-control']).toBe('no-cache');
	});

	it.each([
		['/assets/missing.js', HTML],
		['/assets/', HTML],
		['/api/nothing', HTML],
		['/dav/x', HTML],
		['/metrics/x', HTML],
		['/tasks', { accept: 'application/json' }],
	])('is not at %s for %j', async (path, headers) => {
		const answer = await stage.call('GET', path, headers);
		expect([answer.status, answer.json.code]).toEqual([404, 'not-found']);
	});

	it.each([
		'/../outside.html',
		'/%2e%2e/outside.html',
		'/..%2foutside.html',
		'/.secret.html',
		'/assets/..%5c..%5coutside.html',
	])('gives nothing that is not its own: %s', async (path) => {
		const answer = await stage.speak(`GET ${path} HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n`);
		expect(answer).not.toContain('secret');
	});

	it('refuses a condition that does not hold', async () => {
		const answer = await stage.call('GET', '/', { ...HTML, 'if-match': '"other"' });
		expect([answer.status, answer.json.code]).toEqual([412, 'precondition-failed']);
	});

	it('has the console beside it, as one page', async () => {
		const page = await stage.call('GET', '/console/', HTML);
		expect([page.status, page.text, page.headers['cache-control']]).toEqual([
			200,
			'<!doctype html>console',
			'no-cache',
		]);
		expect(page.headers['content-security-policy']).toContain("script-src 'self'; style-src 'self'");
		const asset = await stage.call('GET', '/console/assets/main-def456.js', {});
		expect([asset.text, asset.headers['cache-control']]).toEqual(['admin()', 'public, max-age=31536000, immutable']);
		const led = await stage.call('GET', '/console', HTML);
		expect([led.status, led.headers.location]).toEqual([308, 'console/']);
		// Neither has what is the other's, and the console has no other pages.
		for (const path of ['/assets/main-def456.js', '/console/assets/main-abc123.js', '/console/nodes'])
			expect((await stage.call('GET', path, HTML)).status).toBe(404);
	});

	it('is read only', async () => {
		expect((await stage.call('POST', '/', HTML)).status).toBe(404);
		expect((await stage.call('DELETE', '/assets/main-abc123.js', HTML)).status).toBe(404);
	});

	it('says so when it has not been built, and is there as soon as it has', async () => {
		await rm(folder.join('portal/index.html'));
		const page = await stage.call('GET', '/', HTML);
		expect([page.status, page.headers['content-type']]).toEqual([503, 'text/html; charset=utf-8']);
		expect(page.text).toContain('npm run build');
		await writeFile(folder.join('portal/index.html'), 'built');
		expect((await stage.call('GET', '/', HTML)).text).toBe('built');
	});

	it('is not needed', async () => {
		await stage.restart({ pagesFolder: folder.join('nowhere') });
		expect((await stage.call('GET', '/', HTML)).status).toBe(503);
		await stage.restart({ pagesFolder: null });
		expect((await stage.call('GET', '/', HTML)).status).toBe(404);
	});
});
