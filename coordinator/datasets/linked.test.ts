import { createHash } from 'node:crypto';
import type { FileHandle } from 'node:fs/promises';
import { chmod, mkdir, readdir, rename, rm, symlink, utimes, writeFile } from 'node:fs/promises';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { DatasetView } from '../../shared/protocol/dataset.ts';
import { blobFaults } from '../../test/support/check-blobs.ts';
import { DatasetsRoom } from '../../test/support/datasets-room.ts';
import { SYSTEM } from '../audit/doer.ts';
import { planArchive } from '../files/archive.ts';
import { ANY_VERSION } from '../qos/version-condition.ts';

let room: DatasetsRoom;
/** What is linked. */
let root: string;
beforeEach(async () => {
	room = await DatasetsRoom.open();
	root = room.jobs.folder.join('roots/data');
	await mkdir(`${root}/deep`, { recursive: true });
});
afterEach(() => room[Symbol.asyncDispose]());

const ABOUT = { title: 'Linked', description: '', licence: { name: '', text: null } };
const asked = { readerSeq: 3, ref: 'x' };
const sha256 = (content: Buffer | string) => createHash('sha256').update(content).digest('hex');
const LARGE = Buffer.alloc(100_000, 'large');
const read = () => room.datasets.read(asked);
const link = async (): Promise<DatasetView> => {
	await room.datasets.create(3, { name: 'x', about: ABOUT, from: { link: root } }, SYSTEM);
	await room.settled();
	return read();
};
const again = async (directory = root): Promise<DatasetView> => {
	const version = { from: { directory }, note: '' };
	await room.datasets.publish(asked, version, { condition: ANY_VERSION, by: SYSTEM });
	await room.settled();
	return read();
};
const contentOf = async (file: FileHandle): Promise<Buffer> => {
	try {
		return await file.readFile();
	} finally {
		await file.close();
	}
};
const open = async (content: Buffer | string) =>
	contentOf(await room.contents.open(sha256(content), Buffer.byteLength(content)));
const small = (content: string) => room.contents.readSmall(sha256(content), Buffer.byteLength(content));
const write = (path: string, content: Buffer | string) => writeFile(`${root}/${path}`, content);
const bytesIn = async (folder: string) =>
	(await readdir(room.jobs.folder.join(folder), { recursive: true, withFileTypes: true })).filter((one) =>
		one.isFile(),
	);
const refused = (code: string) => expect.objectContaining({ code });
const hashed = () => room.count('SELECT count(*) FROM linked_hashes');

/** What an error leaves behind by itself is only that it is known. */
const isRefused = async (content: Buffer | string, code: 'content-changed' | 'directory-missing'): Promise<void> => {
	const size = Buffer.byteLength(content);
	await expect(room.contents.open(sha256(content), size)).rejects.toEqual(refused(code));
	await expect(room.contents.readSmall(sha256(content), size)).rejects.toEqual(refused(code));
};

describe('a linked directory', () => {
	test('is a dataset whose bytes stay where they are: not one is copied, and they are given from there', async () => {
		await write('a.csv', 'a,b\n');
		await write('deep/large.bin', LARGE);
		await write('empty', '');
		expect(await link()).toMatchObject({ kind: 'linked', state: 'ready', version: 1, files: 3, bytes: 100_004 });
		expect(await room.datasets.entries(asked, { limit: 10 })).toMatchObject({
			items: [
				{ path: 'a.csv', size: 4, mediaType: 'text/csv', sha256: sha256('a,b\n') },
				{ path: 'deep/large.bin', size: 100_000, sha256: sha256(LARGE) },
				{ path: 'empty', size: 0 },
			],
		});
		expect((await small('a,b\n')).toString()).toBe('a,b\n');
		expect((await open(LARGE)).equals(LARGE)).toBe(true);
		expect(await small('')).toHaveLength(0);
		const { steps } = await room.datasets.download(asked, null, null);
		const archive = await planArchive(steps, room.contents);
		let sent = 0;
		await archive.writeTo(async (piece) => {
			sent += piece.length;
		});
		expect(sent).toBe(archive.bytes);
		expect([room.count('SELECT count(*) FROM blobs'), await bytesIn('blobs'), await bytesIn('staging')]).toEqual([
			...[0, [], []],
		]);
		expect(await blobFaults(room.jobs.db, room.jobs.folder.path, true)).toEqual([]);
	});

	test('takes nothing of its owner’s quota', async () => {
		await write('large.bin', LARGE);
		room.jobs.policies.of(3).settings.quotas.storedBytes = 10;
		expect(await link()).toMatchObject({ state: 'ready', bytes: 100_000 });
		expect((await room.jobs.files.storageOf(3)).usedBytes).toBe(0);
	});

	test('feeds tasks, which pin what they read', async () => {
		await write('a.csv', 'a,b\n');
		await link();
		const inputs = [{ dataset: 'x', path: 'a.csv' }];
		const { submitted } = await room.jobs.submit({ type: 'md5', inputs }, null, 3);
		const stored = room.jobs.db.prepare('SELECT inputs FROM tasks WHERE seq = ?').pluck().get(submitted[0]?.seq);
		expect(JSON.parse(String(stored))).toMatchObject([
			{ sha256: sha256('a,b\n'), size: 4, version: 1, path: '/a.csv' },
		]);
		expect(room.count('SELECT count(*) FROM dataset_uses')).toBe(1);
	});

	test('names what it cannot take: a link, and nothing at all', async () => {
		await write('a.csv', 'a,b\n');
		await symlink('/etc/hostname', `${root}/deep/name`);
		expect(await link()).toMatchObject({ state: 'failed', version: 0, reason: expect.stringContaining('deep/name') });
		await rm(root, { recursive: true });
		await mkdir(root);
		expect(await again()).toMatchObject({ state: 'failed', reason: expect.stringContaining('is empty') });
		expect(room.count('SELECT count(*) FROM dataset_entries')).toBe(0);
	});

	test('is an administrator’s to publish, from a directory only, below the roots only', async () => {
		await write('a.csv', 'a,b\n');
		await link();
		await room.jobs.upload('/in/a.txt', 'a', { actor: { userSeq: 3, userId: 'usr_c', address: '' } });
		const from = { folder: '/in' };
		const options = { condition: ANY_VERSION, by: SYSTEM };
		await expect(room.datasets.publish(asked, { from, note: '' }, options)).rejects.toEqual(refused('wrong-state'));
		const elsewhere = room.datasets.create(3, { name: 'y', about: ABOUT, from: { link: '/etc' } }, SYSTEM);
		await expect(elsewhere).rejects.toEqual(refused('invalid'));
	});

	test('goes with all its rows, and the directory stays', async () => {
		await write('a.csv', 'a,b\n');
		await link();
		await room.datasets.retire(asked, { condition: ANY_VERSION, by: SYSTEM, force: false });
		expect(room.count('SELECT count(*) FROM dataset_entries')).toBe(0);
		expect(await readdir(root)).toContain('a.csv');
		await expect(small('a,b\n')).rejects.toEqual(refused('content-lost'));
	});
});

describe('what is changed where it lies', () => {
	test('is not given, is counted, and is right again when it is published again, as a version of its own', async () => {
		for (const name of ['one', 'two', 'three']) await write(name, `the ${name}`);
		await link();
		await write('one', 'another, longer one');
		await utimes(`${root}/two`, 1, 1);
		await isRefused('the one', 'content-changed');
		await isRefused('the two', 'content-changed');
		expect((await small('the three')).toString()).toBe('the three');
		expect(await read()).toMatchObject({
			state: 'ready',
			reason: expect.stringContaining('2 files were changed in its directory: publish it again'),
		});
		// An archive that would break off half-way is not begun.
		await expect(room.datasets.download(asked, null, null)).rejects.toEqual(refused('content-changed'));
		const { revision } = await read();
		await isRefused('the one', 'content-changed');
		// Known already: nobody is told of a change that is none.
		expect((await read()).revision).toBe(revision);

		expect(await again()).toMatchObject({ version: 2, files: 3, reason: null });
		expect((await small('another, longer one')).toString()).toBe('another, longer one');
		// The same bytes with another time are the same file.
		expect((await small('the two')).toString()).toBe('the two');
		expect(room.count('SELECT count(*) FROM dataset_entries WHERE added_in = 2')).toBe(1);
		await isRefused('the one', 'content-changed');
	});

	test('with its size and time put back is found out by its hash, as far as it is small', async () => {
		await write('one', 'the one');
		await utimes(`${root}/one`, 1_000, 1_000);
		await link();
		await write('one', 'not one');
		await utimes(`${root}/one`, 1_000, 1_000);
		await expect(small('the one')).rejects.toEqual(refused('content-changed'));
		// Known by now, so it is not even opened.
		await expect(room.contents.open(sha256('the one'), 7)).rejects.toEqual(refused('content-changed'));
		expect(await again()).toMatchObject({ version: 2, reason: null });
		expect((await small('not one')).toString()).toBe('not one');
	});

	test('is found elsewhere, where the same bytes lie', async () => {
		await write('one', 'the one');
		await write('deep/same', 'the one');
		await link();
		await write('one', 'not one');
		expect((await small('the one')).toString()).toBe('the one');
		await rm(`${root}/one`);
		expect((await small('the one')).toString()).toBe('the one');
		await room.jobs.upload('/also', 'the one');
		await rm(root, { recursive: true });
		expect((await small('the one')).toString()).toBe('the one');
		expect((await open('the one')).toString()).toBe('the one');
	});

	test('cannot be a link to anywhere, neither in its place nor on the way to it', async () => {
		const outside = room.jobs.folder.join('outside');
		await mkdir(`${outside}/deep`, { recursive: true });
		await write('deep/secret', 'as before');
		await write('secret', 'at the top');
		await write('plain', 'untouched');
		await utimes(`${root}/plain`, 1_000, 1_000);
		await utimes(`${root}/deep/secret`, 1_000, 1_000);
		await utimes(`${root}/secret`, 1_000, 1_000);
		await link();
		// Alike in all that is looked at: only where it lies tells.
		await writeFile(`${outside}/deep/secret`, 'AS BEFORE');
		await utimes(`${outside}/deep/secret`, 1_000, 1_000);
		await writeFile(`${outside}/secret`, 'AT THE TOP');
		await utimes(`${outside}/secret`, 1_000, 1_000);
		await writeFile(`${outside}/plain`, 'UNTOUCHED');
		await utimes(`${outside}/plain`, 1_000, 1_000);
		await rm(`${root}/secret`);
		await symlink(`${outside}/secret`, `${root}/secret`);
		await rename(`${root}/deep`, `${root}/moved`);
		await symlink(`${outside}/deep`, `${root}/deep`);
		await isRefused('as before', 'content-changed');
		await isRefused('at the top', 'content-changed');
		await rm(root, { recursive: true });
		await symlink(outside, root);
		await isRefused('untouched', 'directory-missing');
		await expect(again()).rejects.toEqual(refused('invalid'));
		expect(await read()).toMatchObject({ version: 1, reason: expect.stringContaining('not there') });
	});
});

test('a directory that is not there is a state of its own, which passes', async () => {
	await write('one', 'the one');
	await link();
	const away = room.jobs.folder.join('roots/away');
	await rename(root, away);
	await isRefused('the one', 'directory-missing');
	expect(await read()).toMatchObject({ state: 'ready', reason: expect.stringContaining('mount it again') });
	await room.datasets.tidy();
	await room.settled();
	expect((await read()).reason).toContain('mount it again');
	// Where a disk is to be mounted there is an empty directory: its files were not changed, they are not there.
	await mkdir(root);
	await isRefused('the one', 'directory-missing');
	expect(await again()).toMatchObject({ version: 1, files: 1, state: 'ready' });
	await rm(root, { recursive: true });
	await rename(away, root);
	await room.datasets.tidy();
	expect((await small('the one')).toString()).toBe('the one');
	expect(room.count('SELECT count(*) FROM datasets WHERE missing_since IS NOT NULL')).toBe(0);
	// From elsewhere it is the same dataset, older versions too.
	await rename(root, away);
	expect(await again(away)).toMatchObject({ version: 2, files: 1, reason: null });
	expect(room.count('SELECT count(*) FROM dataset_entries')).toBe(1);
	expect((await small('the one')).toString()).toBe('the one');
});

test('names are given in one form whatever form they have on the disk', async () => {
	const decomposed = 'größe'.normalize('NFD');
	await write(decomposed, 'the one');
	await link();
	const { items } = await room.datasets.entries(asked, { limit: 10 });
	expect(items.map(({ path }) => path)).toEqual(['größe'.normalize('NFC')]);
	expect((await small('the one')).toString()).toBe('the one');
});

test('what was hashed for a version that did not come to be is not hashed again', async () => {
	await write('a', 'a');
	await symlink('/etc/hostname', `${root}/z`);
	expect(await link()).toMatchObject({ state: 'failed' });
	expect(hashed()).toBe(0);
	// Only what has been read before it broke, which pages of files decide.
	for (let i = 0; i < 600; i++) await write(`deep/${i}`, `${i}`);
	expect(await again()).toMatchObject({ state: 'failed' });
	expect(hashed()).toBe(500);
	// A hash that nobody could have computed shows that it was taken from there.
	room.jobs.db.exec(`UPDATE linked_hashes SET sha256 = zeroblob(32) WHERE path = 'deep/1'`);
	await rm(`${root}/z`);
	expect(await again()).toMatchObject({ version: 1, files: 601 });
	expect(room.count(`SELECT count(*) FROM dataset_entries WHERE path = 'deep/1' AND sha256 = zeroblob(32)`)).toBe(1);
	expect(hashed()).toBe(0);
});

// Nothing is forbidden to root.
test.skipIf(process.getuid?.() === 0)('a file that may not be read is named', async () => {
	await write('one', 'the one');
	await chmod(`${root}/one`, 0);
	expect(await link()).toMatchObject({
		state: 'failed',
		reason: expect.stringContaining('one cannot be read (EACCES)'),
	});
});
