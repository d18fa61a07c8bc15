import { ArchiveNames } from './archive-names.ts';
import type { ContentReader } from './content-reader.ts';
import { SMALL_BYTES } from './small-writer.ts';
import { writeStoredZip, type ZipContent } from './stored-zip.ts';
import type { WalkFile } from './walk-store.ts';
import { archiveBytes, type ZipEntry } from './zip-records.ts';

/** What comes next into an archive: a folder, or a file of a folder that came before; `''` is the archive's own. */
export type ArchiveStep = { folder: string } | { folder: string; file: ArchiveFile };
export type ArchiveFile = Pick<WalkFile, 'name' | 'sha256' | 'size' | 'modifiedAt'>;

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

/** Of these files and folders. Throws what the steps throw until it is known how long it will be. */
export const planArchive = async (steps: AsyncIterable<ArchiveStep>, contents: ContentReader): Promise<Archive> => {
	const entries = entriesOf(steps);
	const planned: Entry[] = [];
	let isWhole = false;
	while (!isWhole && planned.length <= MOST_PLANNED) {
		const next = await entries.next();
		if (next.done) isWhole = true;
		else planned.push(next.value);
	}
	const open = ({ sha256, size }: Entry): Promise<ZipContent> =>
		size <= SMALL_BYTES ? contents.readSmall(sha256, size) : contents.open(sha256, size);
	return {
		bytes: isWhole ? archiveBytes(planned) : null,
		writeTo: (send) => writeStoredZip(joined(planned, entries), open, send),
	};
};

async function* joined(planned: readonly Entry[], rest: AsyncGenerator<Entry>): AsyncGenerator<Entry> {
	yield* planned;
	yield* rest;
}

/** Each under a name that is its own on every system. */
async function* entriesOf(steps: AsyncIterable<ArchiveStep>): AsyncGenerator<Entry> {
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
