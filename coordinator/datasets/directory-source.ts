import { type FileHandle, realpath } from 'node:fs/promises';
import type { BlobStore } from '../files/blob-store.ts';
import { parseName } from '../files/safe-path.ts';
import type { StagedBlob } from '../files/staged-blob.ts';
import type { ComingEntry } from './coming-store.ts';
import { filesBelow, mediaTypeOf, openBelow, refuse } from './directory-walk.ts';
import type { Batch } from './publisher.ts';

/** Content that is kept for one transaction. */
const FILES_AT_ONCE = 50;

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
			entries.push({ path, sha256, size, mediaType: mediaTypeOf(path, head), isKept: true, fileSeq: null });
			if (entries.length === FILES_AT_ONCE) yield batch();
		}
		if (entries.length > 0) yield batch();
	} finally {
		for (const release of releases) release();
	}
}
