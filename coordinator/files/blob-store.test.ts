import { createHash, randomBytes } from 'node:crypto';
import { existsSync } from 'node:fs';
import { readdir, readFile, readlink, rm, stat, truncate, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { TempFolder } from '../../test/support/temp-folder.ts';
import { BlobStore } from './blob-store.ts';
import type { StageOptions } from './staged-blob.ts';

const MIB = 1024 * 1024;
const sha256 = (content: Buffer): string => createHash('sha256').update(content).digest('hex');

let folder: TempFolder;
let store: BlobStore;
const openStore = (watermark: number | null = 0) =>
	BlobStore.open({ folder: folder.join('blobs'), staging: folder.join('staging'), watermark });

beforeEach(async () => {
	folder = new TempFolder();
	store = await openStore();
});
afterEach(() => folder[Symbol.asyncDispose]());

const streamOf = (content: Buffer, pieceBytes = 64 * 1024): Readable => {
	const pieces: Buffer[] = [];
	for (let at = 0; at < content.length; at += pieceBytes) pieces.push(content.subarray(at, at + pieceBytes));
	return Readable.from(pieces);
};
const stage = (content: Buffer, options: Partial<StageOptions> = {}) =>
	store.stage(streamOf(content), { maxBytes: 100 * MIB, ...options });
const staged = () => readdir(folder.join('staging'));

describe('staging', () => {
	it.each([0, 1, 4096, 65_535, 65_536, 65_537, 3 * MIB + 17])('keeps %i bytes exactly', async (size) => {
		const content = randomBytes(size);
		const blob = await stage(content, { declaredBytes: size, sha256: sha256(content) });
		expect(blob).toMatchObject({ sha256: sha256(content), size });
		expect(blob.head).toEqual(content.subarray(0, 4096));
		const release = await store.keep(blob);
		expect(sha256(await readFile(store.pathOf(blob.sha256)))).toBe(blob.sha256);
		expect(store.pathOf(blob.sha256)).toBe(folder.join('blobs', blob.sha256.slice(0, 2), blob.sha256));
		release();
		expect(await staged()).toEqual([]);
	});

	it('gathers the head from small pieces', async () => {
		const content = randomBytes(200_000);
		const blob = await store.stage(streamOf(content, 1000), { maxBytes: MIB });
		expect(blob.head).toEqual(content.subarray(0, 4096));
	});

	it.each([
		['a wrong checksum', { sha256: '0'.repeat(64) }, 'checksum-mismatch'],
		['fewer bytes than declared', { declaredBytes: MIB + 1 }, 'incomplete-body'],
		['more bytes than declared', { declaredBytes: MIB - 1 }, 'incomplete-body'],
		['more bytes than allowed', { maxBytes: MIB - 1 }, 'file-too-large'],
		['a declared size above what is allowed', { maxBytes: 10, declaredBytes: 11 }, 'file-too-large'],
	] as const)('refuses %s and leaves nothing', async (_, options, code) => {
		await expect(stage(randomBytes(MIB), options)).rejects.toMatchObject({ code });
		expect(await staged()).toEqual([]);
	});

	it('refuses a small body that is larger than allowed', async () => {
		await expect(stage(randomBytes(11), { maxBytes: 10 })).rejects.toMatchObject({ code: 'file-too-large' });
		expect(await staged()).toEqual([]);
	});

	it.each([100, 2 * MIB])('leaves nothing when the stream breaks after %i bytes', async (size) => {
		async function* broken() {
			yield randomBytes(size);
			throw new Error('connection reset');
		}
		const broke = store.stage(Readable.from(broken()), { maxBytes: 100 * MIB });
		await expect(broke).rejects.toMatchObject({ code: 'incomplete-body' });
		expect(await staged()).toEqual([]);
	});

	it('stops when aborted, although the sender stalls', async () => {
		const abort = new AbortController();
		const stalled = new Readable({ read() {} });
		stalled.push(randomBytes(100));
		const staging = store.stage(stalled, { maxBytes: MIB, signal: abort.signal });
		setImmediate(() => abort.abort());
		await expect(staging).rejects.toMatchObject({ code: 'incomplete-body' });
		expect(await staged()).toEqual([]);
	});

	it('closes the file of a stream that breaks while the file is being opened', async () => {
		const openFiles = async () => {
			const links = await readdir('/proc/self/fd');
			const paths = await Promise.all(links.map((fd) => readlink(`/proc/self/fd/${fd}`).catch(() => '')));
			return paths.filter((path) => path.startsWith(folder.join('staging')));
		};
		for (let i = 0; i < 20; i++) {
			const source = new Readable({ read() {} });
			const broke = store.stage(source, { maxBytes: MIB });
			source.once('pause', () => source.destroy(new Error('connection reset')));
			source.push(randomBytes(70_000));
			await expect(broke).rejects.toMatchObject({ code: 'incomplete-body' });
		}
		expect(await openFiles()).toEqual([]);
		expect(await staged()).toEqual([]);
	});

	it('leaves the sender’s stream open when it refuses, so that it can be answered', async () => {
		const source = streamOf(randomBytes(4 * MIB));
		await expect(store.stage(source, { maxBytes: MIB })).rejects.toMatchObject({ code: 'file-too-large' });
		expect(source.destroyed).toBe(false);
		source.destroy();
	});

	it('holds the sender back instead of collecting bytes in memory', async () => {
		let produced = 0;
		let most = 0;
		const source = new Readable({
			highWaterMark: 64 * 1024,
			read() {
				produced += 64 * 1024;
				this.push(produced > 64 * MIB ? null : Buffer.alloc(64 * 1024));
			},
		});
		const path = join(folder.path, 'staging');
		const watch = setInterval(async () => {
			for (const name of await readdir(path)) {
				// It may have got its place between the two looks.
				const size = await stat(join(path, name)).then(
					(found) => found.size,
					() => produced,
				);
				most = Math.max(most, produced - size);
			}
		}, 1);
		const blob = await store.stage(source, { maxBytes: 100 * MIB });
		clearInterval(watch);
		expect(blob.size).toBe(64 * MIB);
		// Collected, being written, and one look that came between.
		expect(most).toBeLessThan(4 * MIB);
	});

	it('is emptied at start', async () => {
		await stage(randomBytes(MIB));
		expect(await staged()).toHaveLength(1);
		store = await openStore();
		expect(await staged()).toEqual([]);
	});

	it('adopts a file of ours without taking it away', async () => {
		const content = randomBytes(2 * MIB);
		await writeFile(folder.join('upload'), content);
		const blob = await store.stage({ adopt: folder.join('upload') }, { maxBytes: 100 * MIB, sha256: sha256(content) });
		expect(blob).toMatchObject({ sha256: sha256(content), size: content.length, head: content.subarray(0, 4096) });
		(await store.keep(blob))();
		expect((await stat(store.pathOf(blob.sha256))).ino).toBe((await stat(folder.join('upload'))).ino);
		const wrong = store.stage({ adopt: folder.join('upload') }, { maxBytes: 100 * MIB, sha256: '1'.repeat(64) });
		await expect(wrong).rejects.toMatchObject({ code: 'checksum-mismatch' });
		expect(existsSync(folder.join('upload'))).toBe(true);
		expect(await staged()).toEqual([]);
	});
});

describe('keeping', () => {
	it('the same content twice, also at once, leaves one blob and nothing in staging', async () => {
		const content = randomBytes(1000);
		const blobs = await Promise.all([stage(content), stage(content), stage(content)]);
		const releases = await Promise.all(blobs.map((blob) => store.keep(blob)));
		expect(await readFile(store.pathOf(sha256(content)))).toEqual(content);
		expect(await staged()).toEqual([]);
		expect(store.holds.size).toBe(1);
		for (const release of releases) release();
		expect(store.holds.size).toBe(0);
	});

	it('mends a blob that has lost bytes', async () => {
		const content = randomBytes(1000);
		(await store.keep(await stage(content)))();
		await truncate(store.pathOf(sha256(content)), 10);
		(await store.keep(await stage(content)))();
		expect(await readFile(store.pathOf(sha256(content)))).toEqual(content);
	});

	it('never lets a name reach the disk', () => {
		for (const bad of ['../../etc/passwd', '', 'A'.repeat(64), `${'a'.repeat(63)}/`]) {
			expect(() => store.pathOf(bad)).toThrow();
		}
	});
});

describe('reading small contents', () => {
	it('takes them from memory when they are recent, from the disk when not, and none that is gone', async () => {
		const content = randomBytes(100);
		(await store.keep(await stage(content)))();
		await truncate(store.pathOf(sha256(content)), 10);
		expect(await store.readSmall(sha256(content), 100)).toEqual(content);
		await store.remove(sha256(content), async () => true);
		await expect(store.readSmall(sha256(content), 100)).rejects.toMatchObject({ code: 'content-lost' });
	});
});

describe('content that is lost on the disk', () => {
	const openWatched = async () => {
		const lost: unknown[] = [];
		const options = { folder: folder.join('blobs'), staging: folder.join('staging'), watermark: 0 };
		return { lost, store: await BlobStore.open({ ...options, onLost: (one) => lost.push(one) }) };
	};

	it.each([100, 100_000])('is told by a code of its own and made known, for %d bytes', async (size) => {
		const content = randomBytes(size);
		const hash = sha256(content);
		(await store.keep(await stage(content)))();
		const watched = await openWatched();
		const reads = [() => watched.store.open(hash, size), () => watched.store.readSmall(hash, size)];
		await truncate(store.pathOf(hash), 10);
		for (const read of reads) await expect(read()).rejects.toMatchObject({ code: 'content-lost', status: 410 });
		await rm(store.pathOf(hash));
		for (const read of reads) await expect(read()).rejects.toMatchObject({ code: 'content-lost' });
		const [cut, gone] = [10, null].map((found) => ({ sha256: hash, size, found }));
		expect(watched.lost).toEqual([cut, cut, gone, gone]);

		(await watched.store.keep(await watched.store.stage(Readable.from([content]), { maxBytes: size })))();
		expect(await watched.store.readSmall(hash, size), 'an upload of the same content mends it').toEqual(content);
		await (await watched.store.open(hash, size)).close();
	});

	it('is not what the sweep has taken aside and puts back', async () => {
		const content = randomBytes(100_000);
		const hash = sha256(content);
		(await store.keep(await stage(content)))();
		const { store: watched, lost } = await openWatched();
		let decided: (goes: boolean) => void = () => {};
		let isAside: () => void = () => {};
		const aside = new Promise<void>((resolve) => {
			isAside = resolve;
		});
		const swept = watched.holds.alone(hash, () =>
			watched.remove(hash, () => {
				isAside();
				return new Promise((resolve) => {
					decided = resolve;
				});
			}),
		);
		await aside;
		const opening = watched.open(hash, content.length);
		await new Promise((resolve) => setImmediate(resolve));
		decided(false);
		await swept;
		await (await opening).close();
		expect(lost).toEqual([]);
		expect(watched.holds.size).toBe(0);
	});
});

describe('the watermark', () => {
	it('refuses uploads before a byte flows, and lets outputs below it', async () => {
		const { free } = await store.space.measure();
		store = await openStore(free + 10 * MIB);
		const source = streamOf(randomBytes(100));
		await expect(store.stage(source, { maxBytes: MIB })).rejects.toMatchObject({ code: 'disk-full', retryAfter: 60 });
		expect(source.readableDidRead).toBe(false);
		const output = await stage(randomBytes(100), { purpose: 'output' });
		expect(output.size).toBe(100);
	});

	it('counts what was let in since the last look at the disk', async () => {
		const GIB = 1024 * MIB;
		const { free } = await store.space.measure();
		store = await openStore(free - 3 * GIB);
		const cut = () => stage(randomBytes(10), { maxBytes: 4 * GIB, declaredBytes: 2 * GIB });
		await expect(cut()).rejects.toMatchObject({ code: 'incomplete-body' });
		await expect(cut()).rejects.toMatchObject({ code: 'disk-full' });
	});

	it('refuses what is declared larger than the room, also outputs', async () => {
		const { free } = await store.space.measure();
		for (const purpose of ['upload', 'output'] as const) {
			const staging = stage(randomBytes(10), { maxBytes: free * 2, declaredBytes: free + MIB, purpose });
			await expect(staging).rejects.toMatchObject({ code: 'disk-full' });
		}
	});
});

describe('a hold', () => {
	it('keeps the sweep away, and waits for a sweep that has begun', async () => {
		const release = await store.holds.take('a');
		expect(await store.holds.alone('a', async () => {})).toBe(false);
		release();
		release();
		let end = (): void => {};
		const sweeping = store.holds.alone(
			'a',
			() =>
				new Promise<void>((resolve) => {
					end = resolve;
				}),
		);
		let taken = false;
		const taking = store.holds.take('a').then((free) => {
			taken = true;
			return free;
		});
		await new Promise((resolve) => setImmediate(resolve));
		expect(taken).toBe(false);
		end();
		expect(await sweeping).toBe(true);
		(await taking)();
		expect(store.holds.size).toBe(0);
	});

	it('is given even when the sweep failed', async () => {
		const sweeping = store.holds.alone('a', async () => {
			throw new Error('no');
		});
		const taking = store.holds.take('a');
		await expect(sweeping).rejects.toThrow('no');
		(await taking)();
	});
});
