import { createHash } from 'node:crypto';
import { type FileHandle, open } from 'node:fs/promises';
import type { Readable } from 'node:stream';
import type { DiskSpace } from './disk-space.ts';
import { type Received, Receiver, tooLarge, writeAll } from './receiver.ts';
import { SNIFF_BYTES } from './sniff.ts';
import { piecesOf } from './source-pieces.ts';
import type { StageOptions } from './staged-blob.ts';

/** Up to this size content is collected in memory and written at once. */
const SMALL_BYTES = 64 * 1024;
const READ_BYTES = 512 * 1024;

/** Receives a stream into a new file; it is on disk when this resolves. */
export const receiveInto = async (
	path: string,
	source: Readable,
	options: StageOptions,
	space: DiskSpace,
): Promise<Received> => {
	const rest = piecesOf(source, options.signal);
	try {
		const first: Buffer[] = [];
		let size = 0;
		let next = await rest.next();
		for (; !next.done && size + next.value.length <= SMALL_BYTES; next = await rest.next()) {
			first.push(next.value);
			size += next.value.length;
		}
		if (size > options.maxBytes) throw tooLarge(options.maxBytes);
		if (next.done) return await writeSmall(path, Buffer.concat(first));
		first.push(next.value);
		return await receiveLarge(path, first, rest, options, space);
	} finally {
		await rest.return();
	}
};

const writeSmall = async (path: string, content: Buffer): Promise<Received> => {
	const file = await open(path, 'wx', 0o600);
	try {
		await writeAll(file, [content], content.length);
		await file.datasync();
	} finally {
		await file.close();
	}
	return {
		sha256: createHash('sha256').update(content).digest('hex'),
		size: content.length,
		head: Buffer.from(content.subarray(0, SNIFF_BYTES)),
	};
};

const receiveLarge = async (
	path: string,
	first: readonly Buffer[],
	rest: AsyncIterator<Buffer>,
	options: StageOptions,
	space: DiskSpace,
): Promise<Received> => {
	const file = await open(path, 'wx', 0o600);
	const receiver = new Receiver(file, options.maxBytes);
	try {
		return await receiver.receive(first, rest, (bytes) =>
			space.isStale ? space.require(bytes, options.purpose ?? 'upload') : null,
		);
	} finally {
		await receiver.settle();
		await file.close();
	}
};

/** What is in a file that is there already; its bytes are on disk when this resolves. */
export const hashFile = async (path: string, options: StageOptions): Promise<Received> => {
	// Opened for writing because some systems refuse to sync what was opened for reading.
	const file = await open(path, 'r+');
	try {
		const { size } = await file.stat();
		if (size > options.maxBytes) throw tooLarge(options.maxBytes);
		await file.datasync();
		return await hashAll(file, options.signal);
	} finally {
		await file.close();
	}
};

const hashAll = async (file: FileHandle, signal: AbortSignal | undefined): Promise<Received> => {
	const hash = createHash('sha256');
	const buffer = Buffer.allocUnsafeSlow(READ_BYTES);
	let head: Buffer | null = null;
	for (let size = 0; ; ) {
		signal?.throwIfAborted();
		const { bytesRead } = await file.read(buffer, 0, buffer.length, size);
		head ??= Buffer.from(buffer.subarray(0, Math.min(bytesRead, SNIFF_BYTES)));
		if (bytesRead === 0) return { sha256: hash.digest('hex'), size, head };
		hash.update(buffer.subarray(0, bytesRead));
		size += bytesRead;
	}
};
