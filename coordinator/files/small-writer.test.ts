import { createHash, randomBytes } from 'node:crypto';
import { existsSync, mkdirSync, rmSync } from 'node:fs';
import { readdir, readFile } from 'node:fs/promises';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { bundledEntry } from '../../test/support/bundled-entry.ts';
import { TempFolder } from '../../test/support/temp-folder.ts';
import { blobPath, makeBlobFolders } from './blob-folders.ts';
import { type SmallBlob, SmallWriter } from './small-writer.ts';
import { ThreadedSmallWrites } from './small-writers.ts';

let folder: TempFolder;
let root: string;
let staging: string;

beforeEach(async () => {
	folder = new TempFolder();
	root = folder.join('blobs');
	staging = folder.join('staging');
	await makeBlobFolders(root);
	mkdirSync(staging);
});
afterEach(() => folder[Symbol.asyncDispose]());

const blobOf = (content: Buffer): SmallBlob => ({
	sha256: createHash('sha256').update(content).digest('hex'),
	content,
});
const expectThere = async (blobs: readonly SmallBlob[]): Promise<void> => {
	for (const { sha256, content } of blobs) expect(await readFile(blobPath(root, sha256))).toEqual(content);
	expect(await readdir(staging)).toEqual([]);
};

describe('writing small blobs together', () => {
	it('puts each into its place, and the same one twice', async () => {
		const writer = new SmallWriter({ root, staging, name: 'w' });
		const blobs = [0, 1, 4_096, 65_536].map((size) => blobOf(randomBytes(size)));
		expect(writer.write([...blobs, blobs[1]!])).toEqual([null, null, null, null, null]);
		await expectThere(blobs);
		writer.close();
	});

	it('says of each by itself what was in the way, and leaves nothing of it', async () => {
		const writer = new SmallWriter({ root, staging, name: 'w' });
		const blobs = Array.from({ length: 20 }, () => blobOf(randomBytes(100)));
		const lost = blobPath(root, blobs[3]!.sha256).slice(0, -65);
		rmSync(lost, { recursive: true });
		const isLost = ({ sha256 }: SmallBlob) => blobPath(root, sha256).startsWith(lost);
		const outcomes = writer.write([...blobs, { sha256: 'no hash', content: Buffer.alloc(1) }]);
		expect(outcomes.pop()?.message).toMatch('not a SHA-256');
		for (const [index, blob] of blobs.entries()) {
			expect(outcomes[index]).toEqual(isLost(blob) ? expect.objectContaining({ code: 'ENOENT' }) : null);
		}
		await expectThere(blobs.filter((blob) => !isLost(blob)));
		writer.close();
	});
});

describe('threads that write small blobs', () => {
	const start = async (onGone: (error: Error) => void = () => {}) => {
		const entry = await bundledEntry('coordinator/blob-thread.ts');
		return new ThreadedSmallWrites({ entry, root, staging, onGone });
	};

	it('write what comes at once, and end when told to', async () => {
		const gone: Error[] = [];
		const writes = await start((error) => gone.push(error));
		const blobs = Array.from({ length: 100 }, () => blobOf(randomBytes(500)));
		await Promise.all(blobs.map((blob) => writes.write(blob)));
		await expectThere(blobs);
		const last = blobOf(randomBytes(10));
		const writing = writes.write(last);
		await writes.close();
		await writing;
		expect(existsSync(blobPath(root, last.sha256))).toBe(true);
		await expect(writes.write(last)).rejects.toThrow('closed');
		expect(gone).toEqual([]);
	});

	it('pass on what failed, with its code', async () => {
		const writes = await start();
		const blob = blobOf(randomBytes(10));
		rmSync(blobPath(root, blob.sha256).slice(0, -65), { recursive: true });
		await expect(writes.write(blob)).rejects.toMatchObject({ code: 'ENOENT' });
		await writes.close();
	});

	it('tell when they have ended by themselves', async () => {
		const gone = new Promise<Error>((resolve) => {
			const entry = new URL('data:text/javascript,throw new Error("no thread")');
			const writes = new ThreadedSmallWrites({ entry, root, staging, onGone: resolve });
			writes.write(blobOf(randomBytes(10))).catch(() => {});
		});
		expect((await gone).message).toBe('no thread');
	});
});
