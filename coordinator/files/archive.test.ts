import { execFileSync } from 'node:child_process';
import { mkdir, readdir, readFile, truncate, writeFile } from 'node:fs/promises';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { FileRoom } from '../../test/support/file-room.ts';
import { type Archive, type ArchiveSource, archiveFolder } from './archive.ts';
import { ArchiveNames, portableName } from './archive-names.ts';

let room: FileRoom;
beforeEach(async () => {
	room = await FileRoom.open();
});
afterEach(() => room[Symbol.asyncDispose]());

/** The archive's bytes, as many as it said. */
const bytesOf = async (archive: Archive): Promise<Buffer> => {
	const pieces: Buffer[] = [];
	// What is sent may be written over afterwards.
	await archive.writeTo(async (piece) => void pieces.push(Buffer.from(piece)));
	const bytes = Buffer.concat(pieces);
	if (archive.bytes !== null) expect(bytes.length).toBe(archive.bytes);
	return bytes;
};

const unpack = async (archive: Archive, into: string): Promise<void> => {
	const zip = room.folder.join('a.zip');
	await writeFile(zip, await bytesOf(archive));
	await mkdir(into);
	execFileSync('unzip', ['-q', zip, '-d', into], { stdio: 'pipe' });
};

describe('an archive', () => {
	it('holds the folder’s files with their bytes, and its empty folders', async () => {
		const large = Buffer.alloc(3_000_000, 'large');
		await room.upload('/a/one.txt', 'one');
		await room.upload('/a/b/ünï.bin', large);
		await room.upload('/a/b/empty.txt', '');
		await room.upload('/elsewhere', 'no');
		await room.files.makeFolder(1, ['a', 'nothing']);
		const archive = await archiveFolder(room.files, 1, ['a']);
		expect(archive.bytes).toBeGreaterThan(3_000_000);
		const out = room.folder.join('out');
		await unpack(archive, out);
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
		expect((await bytesOf(await archiveFolder(room.files, 1, []))).length).toBe(22);
		await expect(archiveFolder(room.files, 1, ['x'])).rejects.toMatchObject({ code: 'not-found' });
	});

	it('stops reading and closes what it has open when nobody takes it any more', async () => {
		for (let i = 0; i < 12; i++) await room.upload(`/${i}`, Buffer.alloc(500_000, `${i}`));
		let opened = 0;
		const closed: Promise<void>[] = [];
		const source: ArchiveSource = {
			walk: room.files.walk.bind(room.files),
			blobs: {
				readSmall: room.blobs.readSmall.bind(room.blobs),
				open: async (sha256, size) => {
					const handle = await room.blobs.open(sha256, size);
					opened += 1;
					// An event emitter since Node 16, which its types do not know.
					const emitter = handle as unknown as NodeJS.EventEmitter;
					closed.push(new Promise((resolve) => emitter.once('close', resolve)));
					return handle;
				},
			},
		};
		const archive = await archiveFolder(source, 1, []);
		let sent = 0;
		const sending = archive.writeTo(async () => {
			if (++sent === 2) throw new Error('gone');
		});
		await expect(sending).rejects.toThrow('gone');
		await Promise.all(closed);
		// Some are opened before their turn, but not all of them.
		expect(opened).toBeLessThan(12);
	});

	it('breaks off when some content cannot be read', async () => {
		await room.upload('/f', 'x');
		const open = () => Promise.reject(new Error('lost'));
		const source = { walk: room.files.walk.bind(room.files), blobs: { open, readSmall: open } };
		await expect(bytesOf(await archiveFolder(source, 1, []))).rejects.toThrow('lost');

		const content = await room.upload('/g', Buffer.alloc(100_000));
		expect(content.path).toBe('/g');
		const { sha256 = '' } = (await room.files.contentAt(1, ['g'])) ?? {};
		await truncate(room.blobs.pathOf(sha256), 0);
		await expect(bytesOf(await archiveFolder(room.files, 1, []))).rejects.toMatchObject({ code: 'content-lost' });
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
