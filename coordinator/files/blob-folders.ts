import { mkdirSync } from 'node:fs';
import { mkdir } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { syncFolder } from './sync-folder.ts';

/** The folder of a blob is named by the first two digits of its hash. */
const DIGITS = 2;
const COUNT = 16 ** DIGITS;

/** Where the blob's bytes are, or would be. Throws unless the hash is one. */
export const blobPath = (root: string, sha256: string): string => {
	if (!/^[0-9a-f]{64}$/.test(sha256)) throw new Error('not a SHA-256 in hexadecimal');
	return `${root}/${sha256.slice(0, DIGITS)}/${sha256}`;
};

/**
 * All folders that blobs can be in. They are there, and durable, before the first blob is: so putting one into its place
 * costs one sync of one folder, whatever its hash.
 */
export const blobFolders = (root: string): string[] =>
	Array.from({ length: COUNT }, (_, i) => join(root, i.toString(16).padStart(DIGITS, '0')));

export const makeBlobFolders = async (root: string): Promise<void> => {
	await mkdir(root, { recursive: true, mode: 0o700 });
	await syncFolder(dirname(root));
	// At once, before anything else waits for this thread: through the pool of threads they are four times the work.
	for (const folder of blobFolders(root)) mkdirSync(folder, { recursive: true, mode: 0o700 });
	// Also when all were there: they may have been made just before a crash, and not be on disk yet.
	await syncFolder(root);
};
