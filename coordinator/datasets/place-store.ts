import type { DatasetEntry } from '../../shared/protocol/dataset.ts';
import { readOperation } from '../database/operation.ts';
import { prepareFindReadable, requireLicence } from './access-store.ts';
import { prepareEntriesOf, prepareFindEntry } from './entry-store.ts';

/** What is at a path of the newest version of a dataset. */
export interface DatasetPlace {
	/** When the dataset was made. */
	createdAt: number;
	/** When the content that is there was published: of a folder, the newest version. */
	publishedAt: number;
	/** Null for a folder. */
	entry: DatasetEntry | null;
}

/**
 * Null: nothing is there, or not for this person. Whoever is about to read a file's content is told if its licence is in
 * the way: `licence-not-accepted`.
 */
export const findDatasetPlace = readOperation('datasets.find-place', (db) => {
	const find = prepareFindReadable(db);
	const findEntry = prepareFindEntry(db);
	const entriesOf = prepareEntriesOf(db);
	const published = db.prepare('SELECT at FROM dataset_versions WHERE dataset_seq = ? AND number = ?').pluck();
	return (args: { readerSeq: number; name: string; path: string; isToRead: boolean }): DatasetPlace | null => {
		const { readerSeq, name, path } = args;
		const row = find(readerSeq, name);
		// An id means it, too, but nothing is called by it.
		if (!row || row.name !== name) return null;
		const { seq, version, createdAt } = row;
		const place = (of: number, entry: DatasetEntry | null): DatasetPlace => ({
			createdAt,
			publishedAt: (published.get(seq, of) as number | undefined) ?? createdAt,
			entry,
		});
		if (path === '') return place(version, null);
		if (version === 0) return null;
		const entry = findEntry(seq, version, path);
		if (entry) {
			if (args.isToRead) requireLicence(row);
			return place(entry.addedIn, entry);
		}
		const isFolder = entriesOf({ seq, version, under: path, after: null, limit: 1 }).length > 0;
		return isFolder ? place(version, null) : null;
	};
});
