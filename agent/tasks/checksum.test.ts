import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdirSync, writeFileSync } from 'node:fs';
import { afterAll, describe, expect, it } from 'vitest';
import { runTask } from '../../test/support/run-task.ts';
import { TempFolder } from '../../test/support/temp-folder.ts';
import { checksum } from './checksum.ts';
import { verify } from './verify.ts';

const folder = new TempFolder();
afterAll(() => folder[Symbol.asyncDispose]());

const hash = (algorithm: string, content: string | Buffer) => createHash(algorithm).update(content).digest('hex');

describe('checksum', () => {
	it('names the sums of each file, in a list that sha256sum checks', async () => {
		const files = { 'a b.txt': 'one', 'ünï (2).bin': Buffer.alloc(3_000_000, 'x') };
		const { result, outputs } = await runTask(folder, checksum, files);
		expect(result).toEqual({
			files: Object.entries(files).map(([name, content]) => ({ name, sha256: hash('sha256', content) })),
			count: 2,
			isTruncated: false,
		});
		const own = folder.join('check');
		mkdirSync(own);
		for (const [name, content] of Object.entries(files)) writeFileSync(`${own}/${name}`, content);
		writeFileSync(`${own}/SHASUMS.txt`, outputs[0]?.content ?? '');
		const check = () => execFileSync('sha256sum', ['--check', '--strict', 'SHASUMS.txt'], { cwd: own, stdio: 'pipe' });
		expect(String(check()).trim().split('\n')).toHaveLength(2);
		writeFileSync(`${own}/a b.txt`, 'two');
		expect(check).toThrow();
	});

	it('reads a file once for all algorithms', async () => {
		const { result } = await runTask(folder, checksum, { a: 'x' }, { algorithms: ['sha1', 'sha512', 'sha1'] });
		expect(result.files).toEqual([{ name: 'a', sha1: hash('sha1', 'x'), sha512: hash('sha512', 'x') }]);
	});

	it('leaves a result that is small enough to be sent, and all in the output', async () => {
		const files = Object.fromEntries(Array.from({ length: 100 }, (_, i) => [`"${'"'.repeat(240)}${i}`, `${i}`]));
		const { result, outputs } = await runTask(folder, checksum, files, { algorithms: ['sha1', 'sha256', 'sha512'] });
		expect(JSON.stringify(result).length).toBeLessThan(60_000);
		expect(result).toMatchObject({ count: 100, isTruncated: true });
		expect(String(outputs[0]?.content).trim().split('\n')).toHaveLength(300);
	});
});

describe('verify', () => {
	it('is content with what is as it was', async () => {
		const { result, outputs } = await runTask(folder, verify, { a: 'one', b: '' });
		expect(result).toEqual({ ok: true, algorithm: 'sha256', files: 2, bytes: 3 });
		expect(outputs).toEqual([]);
	});

	it('fails when the bytes are not those that the task was made with', async () => {
		const inputs = [{ name: 'a.txt', path: folder.join('other'), size: 3, sha256: hash('sha256', 'one') }];
		writeFileSync(folder.join('other'), 'two');
		const failure = { class: 'input', code: 'fixity-mismatch', message: expect.stringContaining('a.txt has sha256') };
		await expect(runTask(folder, verify, {}, {}, { inputs })).rejects.toMatchObject({ failure });
	});

	it('knows a checksum by its length', async () => {
		for (const algorithm of ['md5', 'sha1', 'sha256', 'sha512']) {
			const expected = ` ${hash(algorithm, 'one').toUpperCase()}\n`;
			const { result } = await runTask(folder, verify, { a: 'one' }, { expected });
			expect(result).toMatchObject({ ok: true, algorithm });
			const wrong = runTask(folder, verify, { a: 'two' }, { expected });
			await expect(wrong).rejects.toMatchObject({ failure: { class: 'input', code: 'fixity-mismatch' } });
		}
	});

	it('refuses a checksum that is none, and one for several files', async () => {
		const failure = { class: 'input', code: 'parameters-invalid' };
		for (const expected of ['', 'xyz', 'a'.repeat(33), 'g'.repeat(32)]) {
			await expect(runTask(folder, verify, { a: 'one' }, { expected })).rejects.toMatchObject({ failure });
		}
		const two = runTask(folder, verify, { a: 'one', b: 'one' }, { expected: hash('md5', 'one') });
		await expect(two).rejects.toMatchObject({ failure });
	});
});
