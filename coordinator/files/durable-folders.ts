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

/** Makes folders that survive power loss, and remembers which do, so that each costs its parent's fsync only once. */
export class DurableFolders {
	readonly #root: string;
	readonly #durable = new Set<string>();

	/** The root must be there and durable; folders below it are this class's. */
	constructor(root: string) {
		this.#root = root;
	}

	/** Makes the folder and those above it; they are durable only after `sync`. */
	async make(folder: string): Promise<void> {
		for (const missing of this.#notDurable(folder).reverse()) {
			try {
				await mkdir(missing, { mode: 0o700 });
			} catch (error) {
				if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
			}
		}
	}

	/** Makes the folder's names durable, and the folder itself. All at once, so that the file system commits once. */
	async sync(folder: string): Promise<void> {
		// Also those that were there before us: they may have been made just before a crash, and not be on disk yet.
		const fresh = this.#notDurable(folder);
		await Promise.all([folder, ...fresh.map(dirname)].map(syncFolder));
		for (const made of fresh) this.#durable.add(made);
	}

	/** From the folder upwards. */
	#notDurable(folder: string): string[] {
		const found: string[] = [];
		for (let at = folder; at !== this.#root && !this.#durable.has(at); at = dirname(at)) found.push(at);
		return found;
	}
}
