import { execFileSync } from 'node:child_process';
import { type FileHandle, open, writeFile } from 'node:fs/promises';
import fc from 'fast-check';
import { afterAll, describe, expect, it } from 'vitest';
import { fromBufferPromise, openPromise, type ZipFile } from 'yauzl';
import { TempFolder } from '../../test/support/temp-folder.ts';
import { SMALL_BYTES } from './small-writer.ts';
import { type OpenContent, writeStoredZip, type ZipContent } from './stored-zip.ts';
import { archiveBytes, type ZipEntry } from './zip-records.ts';

const folder = new TempFolder();
afterAll(() => folder[Symbol.asyncDispose]());

async function* each<T>(things: Iterable<T>): AsyncGenerator<T> {
	yield* things;
}
const file = (path: string, size: number, modifiedAt = Date.UTC(2024, 4, 1, 13, 37, 12)): ZipEntry => ({
	...{ path, kind: 'file', size, modifiedAt },
});

/** Content that is made while it is read, a few bytes short of what is asked for, as a file may be read. */
const made = (size: number, byteAt: (at: number) => number): ZipContent => {
	if (size <= SMALL_BYTES) return Buffer.from(Uint8Array.from({ length: size }, (_, at) => byteAt(at)));
	return {
		async read(buffer, offset, length, position) {
			const bytesRead = Math.min(length, size - position, 70_001);
			for (let i = 0; i < bytesRead; i++) buffer[offset + i] = byteAt(position + i);
			return { bytesRead };
		},
		close: async () => {},
	};
};

const zipOf = async (entries: ZipEntry[], content: (entry: ZipEntry) => ZipContent): Promise<Buffer> => {
	const pieces: Buffer[] = [];
	const send = async (piece: Buffer) => void pieces.push(Buffer.from(piece));
	await writeStoredZip(each(entries), async (entry) => content(entry), send);
	return Buffer.concat(pieces);
};

const listOf = async (zip: ZipFile) => {
	const found: { path: string; size: number; crc: number; at: number }[] = [];
	for await (const entry of zip.eachEntry()) {
		const { fileName: path, uncompressedSize: size, crc32: crc, relativeOffsetOfLocalHeader: at } = entry;
		found.push({ path, size, crc, at });
	}
	return found;
};

describe('a stored zip', () => {
	it('holds any names and sizes, is as long as was said, and is read by others', async () => {
		const name = fc
			.string({ unit: 'grapheme', minLength: 1, maxLength: 40 })
			.map((text) => text.replace(/[\\/:\0]|^\.+$/g, '_'));
		const size = fc.oneof(
			fc.nat(300),
			fc.constantFrom(0, SMALL_BYTES - 1, SMALL_BYTES, SMALL_BYTES + 1, 262_144, 300_000),
		);
		const entry = fc.record({ name, size, modifiedAt: fc.integer({ min: -1e12, max: 5e12 }), isFolder: fc.boolean() });
		await fc.assert(
			fc.asyncProperty(fc.array(entry, { maxLength: 12 }), async (wanted) => {
				const entries = wanted.map(
					({ name, size, modifiedAt, isFolder }, i): ZipEntry =>
						isFolder
							? { path: `${i}/${name}`, kind: 'folder', size: 0, modifiedAt }
							: { path: `${i}/${name}`, kind: 'file', size, modifiedAt },
				);
				const byteOf = ({ size }: ZipEntry, at: number) => (at * 31 + size) & 255;
				const bytes = await zipOf(entries, (entry) => made(entry.size, (at) => byteOf(entry, at)));
				expect(bytes.length).toBe(archiveBytes(entries));
				const zip = await fromBufferPromise(bytes);
				let i = 0;
				for await (const found of zip.eachEntry()) {
					const entry = entries[i++];
					if (!entry) throw new Error('one too many');
					expect(found.fileName).toBe(entry.kind === 'folder' ? `${entry.path}/` : entry.path);
					const content: Buffer[] = [];
					for await (const piece of await zip.openReadStreamPromise(found)) content.push(piece);
					const got = Buffer.concat(content);
					expect(got.length).toBe(entry.size);
					expect(got.every((byte, at) => byte === byteOf(entry, at))).toBe(true);
				}
				expect(i).toBe(entries.length);
			}),
			{ numRuns: 40 },
		);
	});

	it('passes the checks of unzip, with names in any script and the time of change', async () => {
		const path = folder.join('a.zip');
		const entries = [
			file('plain.txt', 12),
			{ path: 'föld 人', kind: 'folder', size: 0, modifiedAt: 0 } as const,
			file('föld 人/😀.bin', 400_000),
		];
		await writeFile(path, await zipOf(entries, ({ size }) => made(size, (at) => at % 251)));
		expect(String(execFileSync('unzip', ['-t', path], { env: { LC_ALL: 'C.UTF-8' } }))).toContain('No errors detected');
		const zip = await openPromise(path);
		for await (const entry of zip.eachEntry()) {
			if (entry.fileName === 'plain.txt')
				expect(entry.getLastModDate().getTime()).toBe(Date.UTC(2024, 4, 1, 13, 37, 12));
		}
	});

	it('goes beyond 4 GiB, in one file and in where a later one begins', async () => {
		const size = 4 * 1024 ** 3 + 12_345;
		const zeros: OpenContent = {
			async read(buffer, offset, length, position) {
				const bytesRead = Math.min(length, size - position);
				buffer.fill(0, offset, offset + bytesRead);
				return { bytesRead };
			},
			close: async () => {},
		};
		const entries = [file('zeros', size), file('after', 5)];
		const path = folder.join('large.zip');
		const target = await open(path, 'w');
		const nothing = Buffer.alloc(256 * 1024);
		let at = 0;
		// A hole where there are only zeros, so that no disk has to hold them.
		const send = async (piece: Buffer): Promise<void> => {
			if (!piece.equals(nothing.subarray(0, piece.length))) await target.write(piece, 0, piece.length, at);
			at += piece.length;
		};
		await writeStoredZip(each(entries), async (entry) => (entry.size === size ? zeros : Buffer.from('after')), send);
		await target.close();
		expect(at).toBe(archiveBytes(entries));
		const zip = await openPromise(path, { autoClose: false });
		const found = await listOf(zip);
		expect(found).toMatchObject([
			{ path: 'zeros', size, at: 0 },
			{ path: 'after', size: 5 },
		]);
		expect(found[1]?.at).toBeGreaterThan(size);
		// The last eight bytes of the descriptor are the size, in 64 bits.
		const tail = Buffer.alloc(8);
		const source: FileHandle = await open(path);
		await source.read(tail, 0, 8, (found[1]?.at ?? 0) - 8);
		await source.close();
		expect(tail.readBigUInt64LE(0)).toBe(BigInt(size));
		zip.close();
		expect(String(execFileSync('unzip', ['-p', path, 'after']))).toBe('after');
	});

	it('holds more entries than 16 bits can count', async () => {
		const entries = Array.from({ length: 70_000 }, (_, i) => file(`f${i}`, 1));
		const bytes = await zipOf(entries, () => Buffer.from('x'));
		expect(bytes.length).toBe(archiveBytes(entries));
		const zip = await fromBufferPromise(bytes);
		expect(zip.entryCount).toBe(70_000);
		const found = await listOf(zip);
		expect(found.at(-1)).toMatchObject({ path: 'f69999', size: 1 });
	});

	it('breaks when content is shorter or longer than was said', async () => {
		const short: OpenContent = { read: async () => ({ bytesRead: 0 }), close: async () => {} };
		await expect(zipOf([file('a', 100_000)], () => short)).rejects.toThrow('not as long');
		await expect(zipOf([file('a', 3)], () => Buffer.from('four'))).rejects.toThrow('not as long');
	});

	it('begins to be sent when the first file is there, not when the last one is', async () => {
		let goOn = (): void => {};
		const held = new Promise<void>((resolve) => {
			goOn = resolve;
		});
		async function* slow(): AsyncGenerator<ZipEntry> {
			for (let i = 0; i < 20; i++) yield file(`${i}`, 3);
		}
		const pieces: string[] = [];
		const opening = async ({ path }: ZipEntry): Promise<Buffer> => {
			if (path === '15') await held;
			return Buffer.from('abc');
		};
		const writing = writeStoredZip(slow(), opening, async (piece) => {
			pieces.push(piece.toString('latin1'));
			goOn();
		});
		await writing;
		expect(pieces[0]).toContain('abc');
		expect(pieces.length).toBeGreaterThan(1);
	});
});
