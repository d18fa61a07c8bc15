import { mkdir, open } from 'node:fs/promises';
import { dirname } from 'node:path';

/** Makes what changed in a folder (names made, renamed, removed) survive power loss. */
export const syncFolder = async (folder: string): Promise<void> => {
	const handle = await open(folder, 'r');
	try {
		await handle.sync();
	} finally {
		await handle.close();
	}
};

/** Makes folders so that they survive power loss, and remembers which do, so that each costs its fsync only once. */
export class DurableFolders {
	readonly #root: string;
	readonly #durable = new Map<string, Promise<void>>();

	/** The root must be there and durable; folders below it are this class's. */
	constructor(root: string) {
		this.#root = root;
	}

	/** Resolves once the folder and those above it are on disk. */
	ensure(folder: string): Promise<void> {
		if (folder === this.#root) return Promise.resolve();
		let made = this.#durable.get(folder);
		if (!made) {
			made = this.#make(folder);
			this.#durable.set(folder, made);
			made.catch(() => this.#durable.delete(folder));
		}
		return made;
	}

	async #make(folder: string): Promise<void> {
		const parent = dirname(folder);
		await this.ensure(parent);
		try {
			await mkdir(folder, { mode: 0o700 });
		} catch (error) {
			if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
		}
		// Also when it was there: it may have been made just before a crash, and not be on disk yet.
		await syncFolder(parent);
	}
}
