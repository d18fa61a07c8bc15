import { execFileSync } from 'node:child_process';
import { mkdir, readdir, readFile, truncate, writeFile } from 'node:fs/promises';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { FileRoom } from '../../test/support/file-room.ts';
import { type Archive, planArchive } from './archive.ts';
import { ArchiveNames, portableName } from './archive-names.ts';
import { ArchiveTickets } from './archive-tickets.ts';
import type { ContentReader } from './content-reader.ts';

let room: FileRoom;
beforeEach(async () => {
	room = await FileRoom.open();
});
afterEach(() => room[Symbol.asyncDispose]());

const folderOf = (names: string[], contents: ContentReader = room.blobs) =>
	planArchive(room.files.walk(1, names), contents);

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
		const archive = await folderOf(['a']);
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
		expect((await bytesOf(await folderOf([]))).length).toBe(22);
		await expect(folderOf(['x'])).rejects.toMatchObject({ code: 'not-found' });
	});

	it('stops reading and closes what it has open when nobody takes it any more', async () => {
		for (let i = 0; i < 12; i++) await room.upload(`/${i}`, Buffer.alloc(500_000, `${i}`));
		let opened = 0;
		const closed: Promise<void>[] = [];
		const contents: ContentReader = {
			readSmall: room.blobs.readSmall.bind(room.blobs),
			open: async (sha256, size) => {
				const handle = await room.blobs.open(sha256, size);
				opened += 1;
				// An event emitter since Node 16, which its types do not know.
				const emitter = handle as unknown as NodeJS.EventEmitter;
				closed.push(new Promise((resolve) => emitter.once('close', resolve)));
				return handle;
			},
		};
		const archive = await folderOf([], contents);
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
		await expect(bytesOf(await folderOf([], { open, readSmall: open }))).rejects.toThrow('lost');

		const content = await room.upload('/g', Buffer.alloc(100_000));
		expect(content.path).toBe('/g');
		const { sha256 = '' } = (await room.files.contentAt(1, ['g'])) ?? {};
		await truncate(room.blobs.pathOf(sha256), 0);
		await expect(bytesOf(await folderOf([]))).rejects.toMatchObject({ code: 'content-lost' });
	});
});

describe('a selection', () => {
	const namesIn = async (steps: ReturnType<ArchiveTickets['walk']>): Promise<string[]> => {
		await unpack(await planArchive(steps, room.blobs), room.folder.join('out'));
		return (await readdir(room.folder.join('out'), { recursive: true })).sort();
	};
	let now = 0;
	const open = () => {
		const walkFrom = room.files.walkFrom.bind(room.files);
		return new ArchiveTickets({ ledger: room.ledger, walkFrom, now: () => now });
	};

	it('is files beside folders, each once and under a name of its own, where they are now', async () => {
		const { fileId: one } = await room.upload('/a/x.txt', '1');
		const { fileId: two } = await room.upload('/b/x.txt', '2');
		await room.upload('/c/in/deep.txt', '3');
		await room.upload('/d/in/deep.txt', '4');
		await room.upload('/d/unchosen.txt', '5');
		const tickets = open();
		const chosen = { files: [one, two, one], folders: ['/c/in', '/d/in', '/c/in'] };
		const ticket = await tickets.issue(1, chosen);
		const by = { actor: 'usr_a', address: '' };
		await room.files.move({ kind: 'file', id: two, ownerSeq: 1, by }, ['z', 'y.txt']);
		const names = await namesIn(tickets.walk(1, ticket));
		expect(names).toEqual(['in', 'in (2)', 'in (2)/deep.txt', 'in/deep.txt', 'x.txt', 'y.txt']);
		expect(String(await readFile(room.folder.join('out/in (2)/deep.txt')))).toBe('4');
	});

	it('can be everything', async () => {
		await room.upload('/a/x.txt', '1');
		const tickets = open();
		const ticket = await tickets.issue(1, { files: [], folders: ['/', '/a'] });
		expect(await namesIn(tickets.walk(1, ticket))).toEqual(['a', 'a (2)', 'a (2)/x.txt', 'a/x.txt']);
	});

	it('is refused when something is not there or another’s, and says so when something was destroyed since', async () => {
		const { fileId } = await room.upload('/a/x.txt', '1');
		const tickets = open();
		const refused = { code: 'not-found' };
		await expect(tickets.issue(2, { files: [fileId], folders: [] })).rejects.toMatchObject(refused);
		await expect(tickets.issue(2, { files: [], folders: ['/a'] })).rejects.toMatchObject(refused);
		await expect(tickets.issue(1, { files: [], folders: ['/a/x.txt'] })).rejects.toMatchObject({
			code: 'not-a-folder',
		});
		const ticket = await tickets.issue(1, { files: [fileId], folders: ['/a'] });
		const folder = room.db.prepare(`SELECT id FROM folders WHERE name = 'a'`).pluck().get() as string;
		await room.files.destroy({ kind: 'folder', id: folder, ownerSeq: 1, by: { actor: 'usr_a', address: '' } });
		await expect(tickets.walk(1, ticket).next()).rejects.toThrow('2 were destroyed');
	});

	it('is known for ten minutes, to the one who made it, who makes room for the newest', async () => {
		await room.upload('/a/x.txt', '1');
		const tickets = open();
		const issue = () => tickets.issue(1, { files: [], folders: ['/a'] });
		const isKnown = (ticket: string, owner = 1) =>
			tickets
				.walk(owner, ticket)
				.next()
				.then(() => true)
				.catch(() => false);
		const first = await issue();
		expect([await isKnown(first), await isKnown(first, 2)]).toEqual([true, false]);
		now = 600_000;
		expect(await isKnown(first)).toBe(false);
		const second = await issue();
		for (let i = 0; i < 19; i++) await issue();
		expect(await isKnown(second)).toBe(true);
		await issue();
		expect(await isKnown(second)).toBe(false);
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

	it('stay different when ten thousand things are called alike', () => {
		const names = new ArchiveNames();
		const made = Array.from({ length: 10_000 }, () => names.file('', 'list.txt'));
		expect(new Set(made).size).toBe(10_000);
		expect(made.at(-1)).toBe('list (10000).txt');
	});
});
