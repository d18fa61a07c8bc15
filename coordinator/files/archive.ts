import { ArchiveNames } from './archive-names.ts';
import type { BlobStore } from './blob-store.ts';
import { SMALL_BYTES } from './small-writer.ts';
import { writeStoredZip, type ZipContent } from './stored-zip.ts';
import type { WalkFile } from './walk-store.ts';
import { archiveBytes, type ZipEntry } from './zip-records.ts';

/** What an archive needs of the files room. */
export interface ArchiveSource {
	walk(ownerSeq: number, names: string[]): AsyncGenerator<{ folder: string } | { folder: string; file: WalkFile }>;
	blobs: Pick<BlobStore, 'open' | 'readSmall'>;
}

/** An archive that is made while it is sent. */
export interface Archive {
	/** How many bytes it will have; null when there is too much in it to say so before it begins. */
	bytes: number | null;
	/** Rejects when `send` does, and when some content cannot be read. Once only. */
	writeTo(send: (piece: Buffer) => Promise<void>): Promise<void>;
}

type Entry = ZipEntry & { sha256: string };

/** Of an archive with more entries the length is not said: looking at all of them would take too long. */
const MOST_PLANNED = 10_000;

/** A folder with all that is in it. Throws `not-found` or `not-a-folder`. */
export const archiveFolder = (source: ArchiveSource, ownerSeq: number, names: string[]): Promise<Archive> =>
	planArchive(entriesOf(source.walk(ownerSeq, names)), source.blobs);

const planArchive = async (entries: AsyncGenerator<Entry>, blobs: ArchiveSource['blobs']): Promise<Archive> => {
	const planned: Entry[] = [];
	let isWhole = false;
	while (!isWhole && planned.length <= MOST_PLANNED) {
		const next = await entries.next();
		if (next.done) isWhole = true;
		else planned.push(next.value);
	}
	const open = ({ sha256, size }: Entry): Promise<ZipContent> =>
		size <= SMALL_BYTES ? blobs.readSmall(sha256, size) : blobs.open(sha256, size);
	return {
		bytes: isWhole ? archiveBytes(planned) : null,
		writeTo: (send) => writeStoredZip(joined(planned, entries), open, send),
	};
};

async function* joined(planned: readonly Entry[], rest: AsyncGenerator<Entry>): AsyncGenerator<Entry> {
	yield* planned;
	yield* rest;
}

/** What a walk finds, each under a name that is its own on every system. */
async function* entriesOf(steps: ReturnType<ArchiveSource['walk']>): AsyncGenerator<Entry> {
	const paths = new ArchiveNames();
	for await (const step of steps) {
		if ('file' in step) {
			const { name, sha256, size, modifiedAt } = step.file;
			yield { path: paths.file(step.folder, name), kind: 'file', size, modifiedAt, sha256 };
		} else {
			yield { path: paths.folder(step.folder), kind: 'folder', size: 0, modifiedAt: 0, sha256: '' };
		}
	}
}
