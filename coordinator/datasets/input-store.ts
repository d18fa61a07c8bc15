import type { DatasetInput } from '../../shared/protocol/dataset.ts';
import { readOperation } from '../database/operation.ts';
import { prepareFindReadable, requireLicence } from './access-store.ts';
import type { DatasetRow } from './dataset-row.ts';
import { prepareFindEntry } from './entry-store.ts';

/** A file of a dataset as pinned when a task is made: later versions of the dataset do not change it. */
export interface FoundDatasetInput {
	file: null;
	fileSeq: null;
	/** Public id of the dataset. */
	dataset: string;
	/** As a path of files is written, with a slash before it. */
	path: string;
	/** Of the dataset. */
	version: number;
	sha256: string;
	size: number;
	mimetype: string | null;
}

/**
 * Pins files of datasets for a person's tasks; null for what is not there or not for this person. Throws
 * `licence-not-accepted`.
 */
export const resolveDatasetInputs = readOperation('datasets.resolve-inputs', (db) => {
	const findReadable = prepareFindReadable(db);
	const findEntry = prepareFindEntry(db);
	return (args: { ownerSeq: number; inputs: readonly DatasetInput[] }): (FoundDatasetInput | null)[] => {
		// Batches often take many files of one dataset.
		const rows = new Map<string, DatasetRow | null>();
		const rowOf = (ref: string): DatasetRow | null => {
			const known = rows.get(ref);
			if (known !== undefined) return known;
			const row = findReadable(args.ownerSeq, ref);
			if (row) requireLicence(row);
			rows.set(ref, row);
			return row;
		};
		return args.inputs.map(({ dataset, path, version }) => {
			const row = rowOf(dataset);
			const wanted = version ?? row?.version ?? 0;
			if (!row || wanted === 0 || wanted > row.version) return null;
			const entry = findEntry(row.seq, wanted, path.replace(/^\//, ''));
			if (!entry) return null;
			const { sha256, size, mediaType } = entry;
			const pinned = { sha256, size, mimetype: mediaType };
			return { file: null, fileSeq: null, dataset: row.id, path: `/${entry.path}`, version: wanted, ...pinned };
		});
	};
});
