import { constants } from 'node:fs';
import { type FileHandle, open, readdir, readlink, realpath } from 'node:fs/promises';
import { extname, join } from 'node:path';
import { CodedError } from '../../shared/coded-error.ts';
import { checkPathLimits } from '../files/safe-path.ts';
import { sniffMediaType } from '../files/sniff.ts';

/** What has no signature is known by its name here: an administrator, or the project, has named it. */
const TEXT_TYPES: Readonly<Record<string, string>> = {
	'.csv': 'text/csv',
	'.json': 'application/json',
	'.md': 'text/markdown',
	'.txt': 'text/plain',
	'.xml': 'application/xml',
};

export const mediaTypeOf = (path: string, head: Buffer): string | null =>
	sniffMediaType(head) ?? TEXT_TYPES[extname(path).toLowerCase()] ?? null;

export const refuse = (path: string, why: string): CodedError => new CodedError('invalid', `${path} ${why}.`);

/** Every regular file below a directory by its path in it. Throws for anything else: it would be missing without a word. */
export async function* filesBelow(root: string, names: readonly string[] = []): AsyncGenerator<string[]> {
	const found = await readdir(join(root, ...names), { withFileTypes: true });
	for (const entry of found.sort((a, b) => (a.name < b.name ? -1 : 1))) {
		const path = [...names, entry.name];
		checkPathLimits(path);
		if (entry.isDirectory()) yield* filesBelow(root, path);
		else if (entry.isFile()) yield path;
		else
			throw refuse(path.join('/'), 'is a link or no regular file: take it out of the directory, or put a copy there');
	}
}

/**
 * Opens a file of the directory itself: no link on the way to it leads elsewhere, also when it was put there just now.
 * `root`: without links in it.
 */
export const openBelow = async (root: string, names: readonly string[]): Promise<FileHandle> => {
	const path = join(root, ...names);
	const file = await open(path, constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK);
	try {
		if ((await file.stat()).isFile() && (await placeOf(file, path)) === path) return file;
		throw refuse(names.join('/'), 'is no regular file of the directory any more');
	} catch (error) {
		await file.close();
		throw error;
	}
};

/** Where what was opened lies: Linux says it of the open file, so that nothing can be put in its place in between. */
const placeOf = (file: FileHandle, path: string): Promise<string> =>
	readlink(`/proc/self/fd/${file.fd}`).catch(() => realpath(path));
