import { constants } from 'node:fs';
import { type FileHandle, open, readdir, realpath } from 'node:fs/promises';
import { extname, join } from 'node:path';
import { CodedError } from '../../shared/coded-error.ts';
import type { BlobStore } from '../files/blob-store.ts';
import { checkPathLimits, parseName } from '../files/safe-path.ts';
import { sniffMediaType } from '../files/sniff.ts';
import type { StagedBlob } from '../files/staged-blob.ts';
import type { ComingEntry } from './publication-store.ts';
import type { Batch } from './publisher.ts';

/** Content that is kept for one transaction. */
const FILES_AT_ONCE = 50;

/** What has no signature is known by its name here: an administrator, or the project, has named it. */
const TEXT_TYPES: Readonly<Record<string, string>> = {
	'.csv': 'text/csv',
	'.json': 'application/json',
	'.md': 'text/markdown',
	'.txt': 'text/plain',
	'.xml': 'application/xml',
};

const refuse = (path: string, why: string): CodedError => new CodedError('invalid', `${path} ${why}.`);

/** Every regular file below a directory by its path in it. Throws for anything else: it would be missing without a word. */
async function* filesBelow(root: string, names: readonly string[] = []): AsyncGenerator<string[]> {
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

/** Opens a file of the directory itself: no link on the way to it leads elsewhere, also when it was put there just now. */
const openBelow = async (root: string, names: readonly string[]): Promise<FileHandle> => {
	const path = join(root, ...names);
	const file = await open(path, constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK);
	try {
		if ((await file.stat()).isFile() && (await realpath(path)) === path) return file;
		throw refuse(names.join('/'), 'is no regular file any more');
	} catch (error) {
		await file.close();
		throw error;
	}
};

const stage = async (
	blobs: Pick<BlobStore, 'stage' | 'discard'>,
	file: FileHandle,
	options: { name: string; maxBytes: number; signal: AbortSignal },
): Promise<StagedBlob> => {
	const before = await file.stat({ bigint: true });
	const source = file.createReadStream({ autoClose: false });
	const { maxBytes, signal } = options;
	const staged = await blobs.stage(source, { maxBytes, signal, declaredBytes: Number(before.size) });
	const after = await file.stat({ bigint: true });
	if (after.size === before.size && after.mtimeNs === before.mtimeNs) return staged;
	await blobs.discard(staged);
	throw refuse(options.name, 'was changed while it was read: publish again when nobody writes there');
};

/** The files of a directory of this machine, taken into the blob store; the directory is not needed afterwards. */
export async function* readDirectory(options: {
	blobs: Pick<BlobStore, 'stage' | 'keep' | 'discard'>;
	directory: string;
	maxBytes: number;
	signal: AbortSignal;
}): AsyncGenerator<Batch> {
	const { blobs, maxBytes, signal } = options;
	const root = await realpath(options.directory);
	let entries: ComingEntry[] = [];
	let releases: (() => void)[] = [];
	const batch = (): Batch => {
		const held = releases;
		const made = { entries, release: () => held.forEach((release) => void release()) };
		entries = [];
		releases = [];
		return made;
	};
	try {
		for await (const names of filesBelow(root)) {
			signal.throwIfAborted();
			const path = names.map(parseName).join('/');
			const file = await openBelow(root, names);
			let staged: StagedBlob;
			try {
				staged = await stage(blobs, file, { name: path, maxBytes, signal });
			} finally {
				await file.close();
			}
			const { sha256, size, head } = staged;
			try {
				releases.push(await blobs.keep(staged));
			} catch (error) {
				await blobs.discard(staged);
				throw error;
			}
			const mediaType = sniffMediaType(head) ?? TEXT_TYPES[extname(path).toLowerCase()] ?? null;
			entries.push({ path, sha256, size, mediaType, isKept: true, fileSeq: null });
			if (entries.length === FILES_AT_ONCE) yield batch();
		}
		if (entries.length > 0) yield batch();
	} finally {
		for (const release of releases) release();
	}
}
