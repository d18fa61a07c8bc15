import { dirname } from 'node:path';
import { makeFolder } from '../files/make-folder.ts';
import { syncFolder } from '../files/sync-folder.ts';

/** Folders of blobs that something was put into: made when they are needed, and synced once, at the end. */
export class TouchedFolders {
	readonly #made = new Map<string, Promise<unknown>>();

	async make(folder: string): Promise<void> {
		let made = this.#made.get(folder);
		if (made === undefined) {
			made = makeFolder(folder);
			this.#made.set(folder, made);
		}
		await made;
	}

	/** What was renamed into place has its name on disk when this resolves. */
	async sync(): Promise<void> {
		for (const folder of this.#made.keys()) await syncFolder(folder);
		for (const above of new Set([...this.#made.keys()].map(dirname))) await syncFolder(above);
	}
}
