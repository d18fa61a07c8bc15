import { execFileSync } from 'node:child_process';
import { createWriteStream } from 'node:fs';
import { mkdir, readdir, readFile, truncate } from 'node:fs/promises';
import { pipeline } from 'node:stream/promises';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { FileRoom } from '../../test/support/file-room.ts';
import { archiveFolder } from './archive.ts';
import { ArchiveNames, portableName } from './archive-names.ts';

let room: FileRoom;
beforeEach(async () => {
	room = await FileRoom.open();
});
afterEach(() => room[Symbol.asyncDispose]());

const unpack = (zip: string, into: string): void => {
	const script =
		'import sys, zipfile\nz = zipfile.ZipFile(sys.argv[1])\nassert z.testzip() is None\nz.extractall(sys.argv[2])';
	execFileSync('python3', ['-c', script, zip, into]);
};

describe('an archive', () => {
	it('holds the folder’s files with their bytes, and its empty folders', async () => {
		const large = Buffer.alloc(3_000_000, 'large');
		await room.upload('/a/one.txt', 'one');
		await room.upload('/a/b/ünï.bin', large);
		await room.upload('/a/b/empty.txt', '');
		await room.upload('/elsewhere', 'no');
		await room.files.makeFolder(1, ['a', 'nothing']);
		const zip = room.folder.join('a.zip');
		await pipeline(await archiveFolder(room.files, 1, ['a']), createWriteStream(zip));
		const out = room.folder.join('out');
		await mkdir(out);
		unpack(zip, out);
		expect((await readdir(out, { recursive: true })).sort()).toEqual([
			'b',
			'b/empty.txt',
			'b/ünï.bin',
			'nothing',
			'one.txt',
		]);
		expect(large.equals(await readFile(`${out}/b/ünï.bin`))).toBe(true);
	});

	it('of an empty root is an empty zip, and of no folder is refused', async () => {
		const zip = room.folder.join('a.zip');
		await pipeline(await archiveFolder(room.files, 1, []), createWriteStream(zip));
		expect((await readFile(zip)).length).toBe(22);
		await expect(archiveFolder(room.files, 1, ['x'])).rejects.toMatchObject({ code: 'not-found' });
	});

	it('stops reading and closes what it has open when nobody takes it any more', async () => {
		for (let i = 0; i < 4; i++) await room.upload(`/${i}`, Buffer.alloc(2_000_000, `${i}`));
		let opened = 0;
		const closed: Promise<void>[] = [];
		const source = {
			walk: room.files.walk.bind(room.files),
			open: async (sha256: string, size: number) => {
				const handle = await room.files.open(sha256, size);
				opened += 1;
				// An event emitter since Node 16, which its types do not know.
				const emitter = handle as unknown as NodeJS.EventEmitter;
				closed.push(new Promise((resolve) => emitter.once('close', resolve)));
				return handle;
			},
		};
		const archive = await archiveFolder(source, 1, []);
		await new Promise((resolve) => archive.once('readable', resolve));
		archive.destroy();
		await Promise.all(closed);
		expect(opened).toBe(1);
	});

	it('breaks off when some content cannot be read', async () => {
		await room.upload('/f', 'x');
		const source = { walk: room.files.walk.bind(room.files), open: () => Promise.reject(new Error('lost')) };
		const archive = await archiveFolder(source, 1, []);
		await expect(pipeline(archive, createWriteStream(room.folder.join('a.zip')))).rejects.toThrow('lost');

		const content = await room.files.contentAt(1, ['f']);
		await truncate(room.files.blobs.pathOf(content?.sha256 ?? ''), 0);
		const cut = await archiveFolder(room.files, 1, []);
		const download = pipeline(cut, createWriteStream(room.folder.join('b.zip')));
		await expect(download).rejects.toMatchObject({ code: 'content-lost' });
	});
});

describe('names in an archive', () => {
	it('cannot leave the folder that it is unpacked to, on any system', () => {
		expect(portableName('..\\..\\evil')).toBe('.._.._evil');
		expect(portableName('C:\\x')).toBe('C__x');
		expect(portableName('NUL.txt')).toBe('_NUL.txt');
		expect(portableName('dots...')).toBe('dots___');
		expect(portableName('usual name.tar.gz')).toBe('usual name.tar.gz');
	});

	it('stay different when they become alike', () => {
		const names = new ArchiveNames();
		expect(names.file('', 'a:b')).toBe('a_b');
		expect(names.file('', 'a_b')).toBe('a_b (2)');
		expect(names.folder('a?b')).toBe('a_b (3)');
		expect(names.file('a?b', 'x')).toBe('a_b (3)/x');
	});
});
