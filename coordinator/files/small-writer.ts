import { closeSync, fdatasyncSync, fsyncSync, openSync, renameSync, rmSync, writeSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { blobPath } from './blob-folders.ts';

/** Content of at most this size is written whole, by this writer. */
export const SMALL_BYTES = 64 * 1024;

/** Small content that is to be put into the store. */
export interface SmallBlob {
	sha256: string;
	content: Uint8Array;
}

/** On its way: written to a file of its own. */
interface Pending {
	file: number;
	temporary: string;
	path: string;
}

/**
 * Puts small blobs into their places: written, synced, renamed, their folders synced. Those that come together share the
 * syncs of folders. Its calls block, so it belongs on a thread of its own: one hop there for all of it costs a third of
 * six detours over the thread pool for each blob.
 */
export class SmallWriter {
	readonly #root: string;
	readonly #staging: string;
	readonly #name: string;
	/** Open descriptors to sync by; there are 256 folders at most. */
	readonly #folders = new Map<string, number>();
	#count = 0;

	/** `name` tells writers that share a staging folder apart. */
	constructor(options: { root: string; staging: string; name: string }) {
		this.#root = options.root;
		this.#staging = options.staging;
		this.#name = options.name;
	}

	/** For each: null when it is durable, or what was in the way; then nothing is left, or a whole blob at most. */
	write(blobs: readonly SmallBlob[]): (Error | null)[] {
		const failed: (Error | null)[] = blobs.map(() => null);
		const each = (act: (index: number) => void): void => {
			for (const index of blobs.keys()) {
				if (failed[index]) continue;
				try {
					act(index);
				} catch (error) {
					failed[index] = error as Error;
				}
			}
		};
		const pending: Pending[] = [];
		each((index) => {
			pending[index] = this.#create(blobs[index]!);
		});
		each((index) => sync(pending[index]!));
		each((index) => place(pending[index]!));
		const synced = new Map<string, Error | null>();
		each((index) => {
			const folder = dirname(pending[index]!.path);
			if (!synced.has(folder)) synced.set(folder, this.#syncFolder(folder));
			const error = synced.get(folder);
			if (error) throw error;
		});
		return failed;
	}

	close(): void {
		for (const descriptor of this.#folders.values()) closeSync(descriptor);
		this.#folders.clear();
	}

	#create({ sha256, content }: SmallBlob): Pending {
		const path = blobPath(this.#root, sha256);
		const temporary = join(this.#staging, `${this.#name}-${++this.#count}`);
		const file = openSync(temporary, 'wx', 0o600);
		try {
			for (let at = 0; at < content.length; ) at += writeSync(file, content, at);
		} catch (error) {
			abandon({ file, temporary });
			throw error;
		}
		return { file, temporary, path };
	}

	#syncFolder(folder: string): Error | null {
		try {
			let descriptor = this.#folders.get(folder);
			if (descriptor === undefined) {
				descriptor = openSync(folder, 'r');
				this.#folders.set(folder, descriptor);
			}
			fsyncSync(descriptor);
			return null;
		} catch (error) {
			return error as Error;
		}
	}
}

const sync = (pending: Pending): void => {
	try {
		fdatasyncSync(pending.file);
	} catch (error) {
		abandon(pending);
		throw error;
	}
	closeSync(pending.file);
};

const place = ({ temporary, path }: Pending): void => {
	try {
		// What may be there already has the same bytes, or has lost some.
		renameSync(temporary, path);
	} catch (error) {
		rmSync(temporary, { force: true });
		throw error;
	}
};

const abandon = ({ file, temporary }: Pick<Pending, 'file' | 'temporary'>): void => {
	closeSync(file);
	rmSync(temporary, { force: true });
};
