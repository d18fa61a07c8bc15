import type { Files } from '../files/files.ts';
import { parsePath } from '../files/safe-path.ts';
import type { ComingEntry } from './coming-store.ts';
import type { Batch } from './publisher.ts';

const FILES_AT_ONCE = 500;

/**
 * The files below a person's folder, by their paths in it. No byte is read or copied: the dataset will refer to the same
 * content. What is moved while this runs may be in it at either place, or at neither.
 */
export async function* readFolder(files: Pick<Files, 'walk'>, ownerSeq: number, folder: string): AsyncGenerator<Batch> {
	let entries: ComingEntry[] = [];
	for await (const found of files.walk(ownerSeq, parsePath(folder))) {
		if (!('file' in found)) continue;
		const { seq, name, sha256, size } = found.file;
		const path = found.folder === '' ? name : `${found.folder}/${name}`;
		entries.push({ path, sha256, size, mediaType: null, isKept: false, fileSeq: seq });
		if (entries.length < FILES_AT_ONCE) continue;
		yield { entries, release() {} };
		entries = [];
	}
	if (entries.length > 0) yield { entries, release() {} };
}
