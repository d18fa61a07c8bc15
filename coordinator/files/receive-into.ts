import { createHash } from 'node:crypto';
import { type FileHandle, open } from 'node:fs/promises';
import type { Readable } from 'node:stream';
import type { DiskSpace } from './disk-space.ts';
import { writeAll } from './file-writer.ts';
import { pump } from './pump.ts';
import { type Received, Receiver, tooLarge } from './receiver.ts';
import { SMALL_BYTES } from './small-writer.ts';
import { SNIFF_BYTES } from './sniff.ts';
import type { StageOptions } from './staged-blob.ts';

const READ_BYTES = 512 * 1024;

/** What came; with its bytes when they are few: then there is no file yet. */
export type ReceivedSomewhere = Received & { content: Buffer | null };

/** Receives a stream into a new file, where it is on disk when this resolves; small content stays in memory. */
export const receiveInto = async (
	path: string,
	source: Readable,
	options: StageOptions,
	space: DiskSpace,
): Promise<ReceivedSomewhere> => {
	const first: Buffer[] = [];
	let size = 0;
	let large: { file: FileHandle; receiver: Receiver } | null = null;
	/** The source may end while the file is still being opened: then it has to be closed all the same. */
	let opening: Promise<void> | null = null;
	const requireSpace = (bytes: number) => {
		if (space.isStale) return space.require(bytes, options.purpose ?? 'upload');
		space.took(bytes);
		return null;
	};

	const becomeLarge = async (): Promise<void> => {
		const file = await open(path, 'wx', 0o600);
		large = { file, receiver: new Receiver(file, options.maxBytes, requireSpace) };
		for (const piece of first.splice(0)) await large.receiver.take(piece);
	};
	try {
		const take = (piece: Buffer): Promise<void> | null => {
			if (large) return large.receiver.take(piece);
			size += piece.length;
			if (size > options.maxBytes) throw tooLarge(options.maxBytes);
			first.push(piece);
			if (size <= SMALL_BYTES) return null;
			opening = becomeLarge();
			return opening;
		};
		await pump(source, options.signal, take, options.pace);
		const { receiver } = (large as { receiver: Receiver } | null) ?? {};
		return receiver ? { ...(await receiver.finish()), content: null } : small(Buffer.concat(first));
	} finally {
		await (opening as Promise<void> | null)?.catch(() => {});
		await closeLarge(large);
	}
};

const closeLarge = async (large: { file: FileHandle; receiver: Receiver } | null): Promise<void> => {
	if (!large) return;
	await large.receiver.settle();
	await large.file.close();
};

const small = (content: Buffer): ReceivedSomewhere => ({
	sha256: createHash('sha256').update(content).digest('hex'),
	size: content.length,
	head: content.subarray(0, SNIFF_BYTES),
	content,
});

/** Writes small content to a file after all; it is on disk when this resolves. */
export const writeSmall = async (path: string, content: Buffer): Promise<void> => {
	const file = await open(path, 'wx', 0o600);
	try {
		await writeAll(file, [content], content.length);
		await file.datasync();
	} finally {
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
