import { SYSTEM } from '../audit/doer.ts';
import type { Ledger } from '../database/ledger.ts';
import { newId } from '../database/new-id.ts';
import type { Files } from '../files/files.ts';
import { SharedLine } from '../files/shared-line.ts';
import type { Logger } from '../report/logger.ts';
import { requireBelowRoots } from './dataset-roots.ts';
import { createSample } from './dataset-store.ts';
import { Datasets } from './datasets.ts';
import { readDirectory } from './directory-source.ts';
import { refuse } from './directory-walk.ts';
import { readFolder } from './folder-source.ts';
import { readLinked } from './link-source.ts';
import { LinkedContents } from './linked-contents.ts';
import { Publisher, type ReadSource } from './publisher.ts';
import { SAMPLES, sampleDirectory } from './samples.ts';

/** What is linked is read through once: other work wants the disk, too. */
const HASHED_BYTES_PER_SECOND = 200 * 1024 ** 2;

/** Builds the datasets' room. `start` makes the samples, once ever, and goes on with what the last process left. */
export const openDatasets = (parts: {
	ledger: Ledger;
	logger: Logger;
	files: Pick<Files, 'walk' | 'blobs' | 'quotaOf'>;
	/** Directories of this machine below which datasets may be imported from. */
	roots: readonly string[];
	maxFileBytes: number;
}) => {
	const { ledger, logger, files, roots, maxFileBytes } = parts;
	const contents = new LinkedContents({ ledger, blobs: files.blobs, roots });
	const line = new SharedLine(
		() => HASHED_BYTES_PER_SECOND,
		() => performance.now(),
	);
	const read: ReadSource = async function* ({ datasetSeq, source }, signal) {
		if ('folder' in source) return yield* readFolder(files, source.ownerSeq, source.folder);
		if ('link' in source) {
			const root = await requireBelowRoots(source.link, roots);
			if (root !== source.link) throw refuse(source.link, 'is a link by now: name the directory itself');
			return yield* readLinked({ ledger, datasetSeq, root, line, signal });
		}
		// Asked again: what was right when it was named may be a link elsewhere by now.
		const directory =
			'sample' in source ? sampleDirectory(source.sample) : await requireBelowRoots(source.directory, roots);
		yield* readDirectory({ blobs: files.blobs, directory, maxBytes: maxFileBytes, signal });
	};
	const publisher = new Publisher({ ledger, logger, read, quotaOf: (ownerSeq) => files.quotaOf(ownerSeq) });
	return {
		datasets: new Datasets({ ledger, publisher, roots, contents }),
		contents,
		publisher,
		async start(): Promise<void> {
			let isFirst = false;
			for (const { sample, name, about } of SAMPLES) {
				const now = Date.now();
				const row = { id: newId('dataset', now), ownerSeq: null, name, about, sample, by: SYSTEM, now };
				if (await ledger.write(createSample, row)) isFirst = true;
			}
			publisher.kick();
			// A quarter of a megabyte: they are there when the first person comes.
			if (isFirst) await publisher.settled();
		},
		[Symbol.asyncDispose]: () => publisher[Symbol.asyncDispose](),
	};
};
