import { randomUUID } from 'node:crypto';
import {
	chmod,
	copyFile,
	type FileHandle,
	link,
	mkdir,
	open,
	readdir,
	readFile,
	rename,
	rm,
	stat,
} from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { CodedError } from '../../shared/coded-error.ts';
import { diskFull } from '../database/disk-full.ts';
import { blobFolders, blobPath, makeBlobFolders } from './blob-folders.ts';
import { BlobHolds } from './blob-holds.ts';
import { DiskSpace } from './disk-space.ts';
import { hashFile, receiveInto, writeSmall } from './receive-into.ts';
import type { Received } from './receiver.ts';
import { RecentContents } from './recent-contents.ts';
import { SMALL_BYTES } from './small-writer.ts';
import { InlineSmallWrites, type SmallWrites, ThreadedSmallWrites } from './small-writers.ts';
import type { BlobSource, StagedAt, StagedBlob, StageOptions } from './staged-blob.ts';
import { StagedInMemory } from './staged-in-memory.ts';
import { syncFolder } from './sync-folder.ts';

export interface BlobStoreOptions {
	/** Where blobs live, as ab/<sha256>. */
	folder: string;
	/** Where bytes arrive, on the same disk. Emptied at start. */
	staging: string;
	/** Bytes that uploads leave free; null means the larger of 5 % of the disk and 1 GiB. */
	watermark: number | null;
	/** Called when the disk failed (EIO): nothing more can be promised, so the process must end. */
	onFatal?: (error: Error) => void;
	/** Called when content was to be read that is not there whole: `found` is its size on disk, null when it is gone. */
	onLost?: (lost: { sha256: string; size: number; found: number | null }) => void;
	/** A file that calls `serveSmallWriter`, for threads that write small blobs; without it they are written in place. */
	writerEntry?: URL;
}

/**
 * Content on disk, addressed by its SHA-256. Content comes in two steps: `stage` (arrived, checked, on disk) and `keep`
 * (in its place, durable). A kept blob is held until its row is committed; the sweep leaves held ones alone.
 */
export class BlobStore {
	readonly space: DiskSpace;
	readonly holds = new BlobHolds();
	readonly #folder: string;
	readonly #staging: string;
	readonly #small: SmallWrites;
	readonly #inMemory = new StagedInMemory();
	readonly #recent = new RecentContents();
	readonly #onFatal: (error: Error) => void;
	readonly #onLost: NonNullable<BlobStoreOptions['onLost']>;

	private constructor(options: BlobStoreOptions) {
		this.#folder = options.folder;
		this.#staging = options.staging;
		this.#onFatal = options.onFatal ?? (() => {});
		this.#onLost = options.onLost ?? (() => {});
		const folders = { root: options.folder, staging: options.staging };
		this.#small = options.writerEntry
			? new ThreadedSmallWrites({ ...folders, entry: options.writerEntry, onGone: this.#onFatal })
			: new InlineSmallWrites(folders);
		this.space = new DiskSpace(options.folder, options.watermark);
	}

	static async open(options: BlobStoreOptions): Promise<BlobStore> {
		await makeBlobFolders(options.folder);
		// What is in staging was never acknowledged: whoever was sending it was cut off with the process before.
		await rm(options.staging, { recursive: true, force: true });
		await mkdir(options.staging, { recursive: true, mode: 0o700 });
		return new BlobStore(options);
	}

	/** Takes content in. When it throws, nothing is left. */
	async stage(source: BlobSource, options: StageOptions): Promise<StagedBlob> {
		const declared = options.declaredBytes ?? 0;
		if (declared > options.maxBytes) {
			throw new CodedError('file-too-large', `The file is larger than the ${options.maxBytes} bytes allowed.`);
		}
		const path = join(this.#staging, randomUUID());
		try {
			await this.space.require('adopt' in source ? 0 : declared, options.purpose ?? 'upload');
			const { content, ...received } =
				'adopt' in source
					? { ...(await this.#adopt(source.adopt, path, options)), content: null }
					: await receiveInto(path, source, options, this.space);
			checkDeclared(received, options);
			if (!content) return { ...received, at: { path, linked: 'adopt' in source } };
			const staged = { ...received, at: { content } };
			if (this.#inMemory.add(staged)) return staged;
			await writeSmall(path, content);
			return { ...received, at: { path, linked: false } };
		} catch (error) {
			await rm(path, { force: true });
			throw this.#diskError(error);
		}
	}

	/**
	 * Puts a staged blob into its place and holds it; idempotent when the content is there already. Call what it gives
	 * back when the row that refers to the blob is committed, or will never be.
	 */
	async keep(staged: StagedBlob): Promise<() => void> {
		const release = await this.holds.take(staged.sha256);
		try {
			if ('content' in staged.at) await this.#keepSmall(staged, staged.at.content);
			else await this.#keepFile(staged, staged.at);
			return release;
		} catch (error) {
			release();
			throw this.#diskError(error);
		}
	}

	/** Throws a staged blob away; harmless after `keep`. */
	async discard(staged: StagedBlob): Promise<void> {
		if ('path' in staged.at) await rm(staged.at.path, { force: true });
		else this.#inMemory.remove(staged);
	}

	/** Where the blob's bytes are, or would be. */
	pathOf(sha256: string): string {
		return blobPath(this.#folder, sha256);
	}

	/** Whether it is there, whole, now. */
	async has(sha256: string, size: number): Promise<boolean> {
		return (await sizeOf(this.pathOf(sha256))) === size;
	}

	/**
	 * Opens a blob of this size for reading; the caller closes. Once open it can be read to its end, even when it is swept
	 * meanwhile. Throws `content-lost` when it is not there whole.
	 */
	async open(sha256: string, size: number): Promise<FileHandle> {
		const file = await this.#whenThere({ sha256, size }, () => open(this.pathOf(sha256), 'r'));
		try {
			const found = (await file.stat()).size;
			if (found !== size) throw this.#lost({ sha256, size }, found);
			return file;
		} catch (error) {
			await file.close();
			throw error;
		}
	}

	/**
	 * The bytes of a blob of at most `SMALL_BYTES`; those used of late come from memory. Throws `content-lost` when it is
	 * not there whole.
	 */
	async readSmall(sha256: string, size: number): Promise<Buffer> {
		const recent = this.#recent.find(sha256);
		if (recent) return recent;
		const content = await this.#whenThere({ sha256, size }, () => readFile(this.pathOf(sha256)));
		if (content.length !== size) throw this.#lost({ sha256, size }, content.length);
		if (content.length <= SMALL_BYTES) this.#recent.add(sha256, content);
		return content;
	}

	/**
	 * Takes the bytes out of the store and lets `decide` say whether they go for good; otherwise, or when it throws, they
	 * are put back. The caller has the hash for itself (`holds.alone`).
	 */
	async remove(sha256: string, decide: () => Promise<boolean>): Promise<void> {
		const target = this.pathOf(sha256);
		const aside = join(this.#staging, randomUUID());
		let isThere = true;
		await rename(target, aside).catch((error: NodeJS.ErrnoException) => {
			if (error.code !== 'ENOENT') throw error;
			isThere = false;
		});
		let goes = false;
		try {
			goes = await decide();
		} finally {
			if (goes) this.#recent.remove(sha256);
			if (isThere) await (goes ? rm(aside, { force: true }) : rename(aside, target));
		}
	}

	/** Every blob on disk that was last written before the instant, folder by folder. */
	async *writtenBefore(before: number): AsyncGenerator<string[]> {
		for (const folder of blobFolders(this.#folder)) {
			const found: string[] = [];
			for (const name of await readdir(folder)) {
				const { mtimeMs } = await stat(join(folder, name)).catch(() => ({ mtimeMs: Infinity }));
				if (/^[0-9a-f]{64}$/.test(name) && mtimeMs < before) found.push(name);
			}
			if (found.length > 0) yield found;
		}
	}

	/** Ends the threads when they have written what they were given; what is then in staging belongs to nobody. */
	async [Symbol.asyncDispose](): Promise<void> {
		await this.#small.close();
		await rm(this.#staging, { recursive: true, force: true });
	}

	async #keepSmall(staged: StagedBlob, content: Buffer): Promise<void> {
		await this.#small.write({ sha256: staged.sha256, content });
		this.#recent.add(staged.sha256, content);
		this.#inMemory.remove(staged);
	}

	async #keepFile({ sha256, size }: StagedBlob, { path, linked }: Extract<StagedAt, { path: string }>): Promise<void> {
		const target = this.pathOf(sha256);
		// What may be there already has the same bytes, or has lost some.
		await rename(path, target).catch(async (error: NodeJS.ErrnoException) => {
			// Kept before, but what was to refer to it could not be written: now it is tried again.
			if (error.code !== 'ENOENT' || (await sizeOf(target)) !== size) throw error;
		});
		// Renaming onto another name of the same file does nothing.
		if (linked) await rm(path, { force: true });
		await syncFolder(dirname(target));
	}

	/** Acts on a blob's file. When it is gone, once more: the sweep may have taken it aside only for a moment. */
	async #whenThere<T>(blob: { sha256: string; size: number }, act: () => Promise<T>): Promise<T> {
		try {
			return await act();
		} catch (error) {
			if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
		}
		const release = await this.holds.take(blob.sha256);
		try {
			return await act();
		} catch (error) {
			throw (error as NodeJS.ErrnoException).code === 'ENOENT' ? this.#lost(blob, null) : error;
		} finally {
			release();
		}
	}

	#lost(blob: { sha256: string; size: number }, found: number | null): CodedError {
		this.#onLost({ ...blob, found });
		return new CodedError(
			'content-lost',
			'This content is lost on the coordinator’s disk; upload it or make it again.',
		);
	}

	async #adopt(from: string, path: string, options: StageOptions): Promise<Received> {
		try {
			await link(from, path);
		} catch (error) {
			if ((error as NodeJS.ErrnoException).code === 'ENOENT') throw error;
			// Some file systems have no hard links.
			await copyFile(from, path);
		}
		await chmod(path, 0o600);
		return hashFile(path, options);
	}

	#diskError(error: unknown): unknown {
		const { code } = error as NodeJS.ErrnoException;
		if (code === 'ENOSPC' || code === 'EDQUOT')
			return diskFull('The coordinator’s disk is full: nothing of this was kept.', undefined, { cause: error });
		if (code === 'EIO') this.#onFatal(error as Error);
		return error;
	}
}

const sizeOf = async (path: string): Promise<number | null> => {
	const found = await stat(path).catch(() => null);
	return found?.size ?? null;
};

const checkDeclared = (received: Received, options: StageOptions): void => {
	if (typeof options.declaredBytes === 'number' && received.size !== options.declaredBytes) {
		throw new CodedError('incomplete-body', `${received.size} bytes arrived, ${options.declaredBytes} were declared.`);
	}
	if (typeof options.sha256 === 'string' && received.sha256 !== options.sha256) {
		throw new CodedError('checksum-mismatch', `What arrived has the SHA-256 ${received.sha256}.`);
	}
};
