import { createHash, type Hash } from 'node:crypto';
import { constants } from 'node:fs';
import { type FileHandle, lstat, open, rename, rm } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import type { HttpClient } from '../../../shared/client/http-client.ts';
import { CodedError } from '../../../shared/coded-error.ts';
import { EXIT } from '../exit-codes.ts';
import { CliError } from '../failure.ts';
import type { TransferMeter } from '../terminal/transfer-meter.ts';
import { hashFile } from '../upload/hash-file.ts';
import { fetchContent, type Source } from './fetch-content.ts';

export interface DownloadOptions {
	http: HttpClient;
	signal: AbortSignal;
	meter: TransferMeter;
	/** Replace what is there and differs. */
	force: boolean;
}

const mismatch = () =>
	new CodedError('checksum-mismatch', 'What arrived is not what the server has; it was thrown away.');

/** The same content for the same name has the same temporary name, so that a later run can go on with it. */
const partOf = (local: string, sha256: string): string => {
	const name = createHash('sha256').update(basename(local)).digest('hex').slice(0, 8);
	return join(dirname(local), `.millrace-${name}-${sha256.slice(0, 16)}.part`);
};

const kindAt = async (path: string): Promise<'nothing' | 'file' | 'folder' | 'other'> => {
	try {
		const there = await lstat(path);
		if (there.isFile()) return 'file';
		return there.isDirectory() ? 'folder' : 'other';
	} catch (error) {
		if ((error as NodeJS.ErrnoException).code === 'ENOENT') return 'nothing';
		throw error;
	}
};

/** Opens what an earlier run has left, or a new file; never follows a link. */
const openPart = async (part: string): Promise<FileHandle> => {
	const kind = await kindAt(part);
	if (kind !== 'file') {
		if (kind !== 'nothing') throw new CliError(EXIT.failed, `${part} is in the way; remove it.`);
		return open(part, 'wx');
	}
	return open(part, constants.O_RDWR | (constants.O_NOFOLLOW ?? 0));
};

/** Hashes what is there already, or empties the file when it can be no beginning of the content. */
const takeUp = async (file: FileHandle, size: number, signal: AbortSignal): Promise<{ hash: Hash; offset: number }> => {
	const hash = createHash('sha256');
	const { size: there } = await file.stat();
	if (there > size) {
		await file.truncate(0);
		return { hash, offset: 0 };
	}
	const buffer = Buffer.allocUnsafe(1 << 20);
	let offset = 0;
	while (offset < there) {
		signal.throwIfAborted();
		const { bytesRead } = await file.read(buffer, 0, buffer.length, offset);
		if (bytesRead === 0) break;
		hash.update(buffer.subarray(0, bytesRead));
		offset += bytesRead;
	}
	return { hash, offset };
};

/** Fills the temporary file; answers whether it holds the content, and whether an earlier run had begun it. */
const fill = async (part: string, source: Source, { http, signal, meter }: DownloadOptions) => {
	const file = await openPart(part);
	try {
		const { hash, offset } = await takeUp(file, source.size, signal);
		meter.skip(offset);
		let position = offset;
		const write = async (chunk: Uint8Array) => {
			hash.update(chunk);
			for (let done = 0; done < chunk.length; ) {
				done += (await file.write(chunk, done, chunk.length - done, position + done)).bytesWritten;
			}
			position += chunk.length;
			meter.move(chunk.length);
		};
		await fetchContent(source, offset, { http, signal, write });
		await file.sync();
		return { good: hash.digest('hex') === source.sha256, resumed: offset > 0 };
	} finally {
		await file.close();
	}
};

/**
 * Downloads to a temporary name beside the target and renames when the SHA-256 is right. `same`: it was there already.
 * What was transferred is kept when interrupted. Refuses to replace a different file unless forced.
 */
export const downloadFile = async (
	source: Source,
	local: string,
	options: DownloadOptions,
): Promise<'downloaded' | 'same'> => {
	const kind = await kindAt(local);
	if (kind === 'folder') throw new CliError(EXIT.failed, `${local} is a folder here; choose another target.`);
	if (kind === 'file' && (await hashFile(local, options.signal)).sha256 === source.sha256) {
		options.meter.skip(source.size);
		return 'same';
	}
	if (kind !== 'nothing' && !options.force) {
		throw new CliError(EXIT.failed, `${local} is there already and differs; add --force to replace it.`);
	}
	const part = partOf(local, source.sha256);
	let { good, resumed } = await fill(part, source, options);
	if (!good) {
		await rm(part, { force: true });
		if (!resumed) throw mismatch();
		// What the earlier run had left may have been the fault: once more from the beginning.
		options.meter.skip(-source.size);
		({ good, resumed } = await fill(part, source, options));
		if (!good) {
			await rm(part, { force: true });
			throw mismatch();
		}
	}
	await rename(part, local);
	return 'downloaded';
};

/** Writes the content to a stream, checking it on the way; it is out already when the check fails. */
export const downloadToStream = async (
	source: Source,
	write: (chunk: Uint8Array) => Promise<void>,
	{ http, signal, meter }: Pick<DownloadOptions, 'http' | 'signal' | 'meter'>,
): Promise<void> => {
	const hash = createHash('sha256');
	const pass = async (chunk: Uint8Array) => {
		hash.update(chunk);
		meter.move(chunk.length);
		await write(chunk);
	};
	await fetchContent(source, 0, { http, signal, write: pass });
	if (hash.digest('hex') !== source.sha256) {
		throw new CodedError('checksum-mismatch', 'What was written is not what the server has: do not use it.');
	}
};
