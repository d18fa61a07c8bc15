import { CodedError } from '../../shared/coded-error.ts';
import type { Ledger } from '../database/ledger.ts';
import type { ArchiveFile, ArchiveStep } from '../files/archive.ts';
import { FoldersOnTheWay } from '../files/folders-on-the-way.ts';
import { fileName } from '../results/file-namer.ts';
import { WITHOUT_WORD } from '../results/which-outputs.ts';
import { type JobResult, listJobResults, type ResultPosition } from './result-store.ts';

const PAGE = 500;

/**
 * What a job has brought so far, as an archive lists it: files by where they lie now, and what stays with its task beside
 * the file that was worked on. Throws `not-found` when there is nothing.
 */
export async function* walkJobResults(ledger: Ledger, id: string): AsyncGenerator<ArchiveStep> {
	const folders = new FoldersOnTheWay();
	let after: ResultPosition = { taskSeq: 0, name: '' };
	for (let page: JobResult[] | null = null; page === null || page.length === PAGE; ) {
		page = await ledger.read(listJobResults, { id, after, limit: PAGE });
		if (page.length === 0 && after.taskSeq === 0) {
			throw new CodedError('not-found', 'The job has brought nothing yet that could be downloaded.');
		}
		for (const result of page) {
			const { folder, file } = placeOf(result);
			yield* folders.to(folder);
			yield { folder, file };
			after = { taskSeq: result.taskSeq, name: result.name };
		}
	}
}

const placeOf = ({ filed, name: output, type, at, input, sha256, size }: JobResult) => {
	const file = (name: string): ArchiveFile => ({ name, sha256, size, modifiedAt: at });
	if (filed) return { folder: filed.folder.slice(1), file: file(filed.name) };
	const cut = input?.lastIndexOf('/') ?? -1;
	const of =
		input === null || cut === -1
			? { folder: '', name: input }
			: { folder: input.slice(1, cut), name: input.slice(cut + 1) };
	return { folder: of.folder, file: file(fileName(WITHOUT_WORD, { input: of.name, output, type, at, result: {} })) };
};
