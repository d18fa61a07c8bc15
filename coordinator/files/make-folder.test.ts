import { existsSync, statSync, symlinkSync, writeFileSync } from 'node:fs';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { TempFolder } from '../../test/support/temp-folder.ts';
import { makeFolder } from './make-folder.ts';

let folder: TempFolder;
beforeEach(() => {
	folder = new TempFolder();
});
afterEach(() => folder[Symbol.asyncDispose]());

describe('making a folder', () => {
	it('makes those above it too, for their owner only, and is content with what is there', async () => {
		const deep = folder.join('a', 'b', 'c');
		await Promise.all([makeFolder(deep), makeFolder(deep), makeFolder(folder.join('a', 'd'))]);
		await makeFolder(deep);
		expect([folder.join('a'), deep].map((path) => statSync(path).mode & 0o777)).toEqual([0o700, 0o700]);
	});

	it('fails where a file or a link to nothing is in the way', async () => {
		writeFileSync(folder.join('file'), '');
		symlinkSync(folder.join('nothing'), folder.join('link'));
		await expect(makeFolder(folder.join('file'))).rejects.toMatchObject({ code: 'ENOTDIR' });
		await expect(makeFolder(folder.join('file', 'a', 'b'))).rejects.toMatchObject({ code: 'ENOTDIR' });
		await expect(makeFolder(folder.join('link', 'a'))).rejects.toMatchObject({ code: 'EEXIST' });
	});

	it.runIf(existsSync('/proc/self'))(
		'ends where the system takes no folder and says that there is nothing',
		async () => {
			await expect(makeFolder('/proc/millrace/deep')).rejects.toMatchObject({ code: 'ENOENT', path: '/proc/millrace' });
		},
	);
});
