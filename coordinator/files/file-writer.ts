import type { FileHandle } from 'node:fs/promises';

/** Written out to the disk while more arrives, so that the last sync is short and the page cache stays clean. */
const SYNC_EVERY_BYTES = 64 * 1024 * 1024;

/**
 * Writes at a file's end while the caller collects what comes next: one write and one sync run behind at most. What
 * failed behind is thrown by the next call.
 */
export class FileWriter {
	readonly #file: FileHandle;
	#written = 0;
	#synced = 0;
	#writing: Promise<void> | null = null;
	#syncing: Promise<void> | null = null;
	#failed: { error: unknown } | null = null;

	constructor(file: FileHandle) {
		this.#file = file;
	}

	/** Null when the bytes could be taken at once; otherwise wait: the disk is slower than the sender. */
	write(pieces: readonly Buffer[], size: number): Promise<void> | null {
		this.#throwFailed();
		if (!this.#writing) {
			this.#start(pieces, size);
			return null;
		}
		return this.#writing.then(() => {
			this.#throwFailed();
			this.#start(pieces, size);
		});
	}

	/** Resolves when everything is on disk. */
	async finish(): Promise<void> {
		await this.settle();
		this.#throwFailed();
		await this.#file.datasync();
	}

	/** Waits for what still runs behind, so that the file can be closed; never throws. */
	async settle(): Promise<void> {
		await this.#writing;
		await this.#syncing;
	}

	#start(pieces: readonly Buffer[], size: number): void {
		this.#writing = this.#behind(this.#writeNow(pieces, size)).then(() => {
			this.#writing = null;
		});
	}

	async #writeNow(pieces: readonly Buffer[], size: number): Promise<void> {
		await writeAll(this.#file, pieces, size);
		this.#written += size;
		if (this.#syncing || this.#written - this.#synced < SYNC_EVERY_BYTES) return;
		const upTo = this.#written;
		this.#syncing = this.#behind(this.#file.datasync()).then(() => {
			this.#synced = upTo;
			this.#syncing = null;
		});
	}

	#behind(work: Promise<void>): Promise<void> {
		return work.catch((error: unknown) => {
			this.#failed ??= { error };
		});
	}

	#throwFailed(): void {
		if (this.#failed) throw this.#failed.error;
	}
}

/** Writes all pieces at the file's end; the system may take fewer bytes than it is given. */
export const writeAll = async (file: FileHandle, pieces: readonly Buffer[], size: number): Promise<void> => {
	let left = pieces.slice();
	for (let written = 0; written < size; ) {
		const { bytesWritten } = await file.writev(left);
		written += bytesWritten;
		if (written < size) left = afterBytes(left, bytesWritten);
	}
};

const afterBytes = (pieces: readonly Buffer[], count: number): Buffer[] => {
	let skip = count;
	return pieces.flatMap((piece) => {
		const rest = piece.subarray(Math.min(skip, piece.length));
		skip -= piece.length - rest.length;
		return rest.length === 0 ? [] : [rest];
	});
};
