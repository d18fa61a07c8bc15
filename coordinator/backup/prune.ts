import { access, readdir, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { syncFolder } from '../files/sync-folder.ts';
import { backupNames, listBackups, takeFolder } from './backup-folder.ts';
import { readContents } from './contents.ts';
import { filesOf, layoutOf } from './layout.ts';

/**
 * Keeps the newest whole backups of a folder and removes older ones, then the content that no backup names any more. What
 * is no whole backup is neither counted nor removed. A list that cannot be read ends it before any content goes.
 */
export const pruneBackups = async (
	folder: string,
	options: { installation: string; keep: number },
): Promise<{ removed: string[] }> => {
	using _ = await takeFolder(folder, options.installation);
	const { backups, incoming } = layoutOf(folder);
	const removed: string[] = [];
	for (const { name } of (await listBackups(folder)).slice(Math.max(1, options.keep))) {
		// First out of sight: half a backup never looks like one.
		await rename(join(backups, name), join(incoming, name));
		removed.push(name);
	}
	await syncFolder(backups);
	if (removed.length > 0) await removeUnnamed(folder);
	await rm(incoming, { recursive: true, force: true });
	return { removed };
};

/** Goes through all lists at once, since they are in the order of hashes: a folder's worth is in memory, whatever their length. */
const removeUnnamed = async (folder: string): Promise<void> => {
	const { backups, blobs } = layoutOf(folder);
	const lists: PeekableList[] = [];
	for (const name of await backupNames(folder)) {
		const { contents } = filesOf(join(backups, name));
		await access(contents);
		lists.push(new PeekableList(readContents(contents)));
	}
	for (const prefix of (await readdir(blobs)).sort()) {
		const one = join(blobs, prefix);
		const named = new Set<string>();
		for (const list of lists) for (const sha256 of await list.takeOf(prefix)) named.add(sha256);
		for (const found of await readdir(one)) if (!named.has(found)) await rm(join(one, found), { force: true });
	}
};

/** A list in order, of which what begins alike is taken at a time. */
class PeekableList {
	readonly #list: AsyncIterator<string>;
	#next: string | null = null;
	#ended = false;

	constructor(list: AsyncIterable<string>) {
		this.#list = list[Symbol.asyncIterator]();
	}

	async takeOf(prefix: string): Promise<string[]> {
		const taken: string[] = [];
		for (;;) {
			const sha256 = await this.#peek();
			if (sha256 === null || sha256.slice(0, prefix.length) > prefix) return taken;
			taken.push(sha256);
			this.#next = null;
		}
	}

	async #peek(): Promise<string | null> {
		if (this.#next === null && !this.#ended) {
			const { done, value } = await this.#list.next();
			this.#ended = done === true;
			this.#next = done ? null : (value as string);
		}
		return this.#next;
	}
}
