import { CodedError } from '../../shared/coded-error.ts';
import { readOperation } from '../database/operation.ts';
import { prepareFindReadable, prepareRequireReadable, requireLicence, versionOf } from './access-store.ts';
import { prepareEntriesOf, prepareFindEntry } from './entry-store.ts';
import type { FoundDatasetInput } from './input-store.ts';

/** A folder or a file in a version of a dataset; `under` null: all of it. */
export interface DatasetPart {
	ownerSeq: number;
	/** Its name or id. */
	dataset: string;
	version: number | null;
	under: string | null;
}

/**
 * Which version a person's selection is of, and the dataset by its id, so that it stays the same whatever is published or
 * renamed. Throws `not-found` and `licence-not-accepted`.
 */
export const pinDatasetPart = readOperation('datasets.pin-part', (db) => {
	const require = prepareRequireReadable(db);
	const findEntry = prepareFindEntry(db);
	const entriesOf = prepareEntriesOf(db);
	return ({ ownerSeq, dataset, version, under }: DatasetPart): { dataset: string; version: number } => {
		const row = require(ownerSeq, dataset);
		requireLicence(row);
		const pinned = versionOf(row, version);
		if (under !== null && !findEntry(row.seq, pinned, under)) {
			const [first] = entriesOf({ seq: row.seq, version: pinned, under, after: null, limit: 1 });
			if (!first) {
				throw new CodedError('not-found', `The dataset ${row.name} has no ${under} in version ${pinned}.`);
			}
		}
		return { dataset: row.id, version: pinned };
	};
});

export interface DatasetPage {
	files: FoundDatasetInput[];
	/** After which path the next page begins; null at the end. */
	next: string | null;
}

/** The next files of a part, as tasks are given them; null: the dataset is gone, or not for this person any more. */
export const readDatasetPart = readOperation('datasets.read-part', (db) => {
	const findReadable = prepareFindReadable(db);
	const findEntry = prepareFindEntry(db);
	const entriesOf = prepareEntriesOf(db);
	return (args: DatasetPart & { version: number; after: string | null; limit: number }): DatasetPage | null => {
		const { ownerSeq, dataset, version, under, after, limit } = args;
		const row = findReadable(ownerSeq, dataset);
		if (!row) return null;
		const file = under === null ? null : findEntry(row.seq, version, under);
		const entries = file ? [file] : entriesOf({ seq: row.seq, version, under, after, limit });
		const last = entries.at(-1);
		const files = entries.map(({ path, sha256, size, mediaType }): FoundDatasetInput => {
			const pinned = { sha256, size, mimetype: mediaType };
			return { file: null, fileSeq: null, dataset: row.id, path: `/${path}`, version, ...pinned };
		});
		return { files, next: !file && last && entries.length === limit ? last.path : null };
	};
});
