import type { Database } from 'better-sqlite3';
import { CodedError } from '../../shared/coded-error.ts';
import { MAX_DATASET_VERSIONS } from '../../shared/protocol/dataset.ts';
import { prepareReferBlob } from '../files/blob-row-store.ts';

/** A file that comes into a dataset as it is. Its bytes must be kept until the transaction is committed. */
export interface AppendedEntry {
	path: string;
	sha256: string;
	size: number;
	mediaType: string | null;
}

/**
 * Makes a dataset's next version out of its newest and some more files, inside somebody's transaction; gives its number.
 * For datasets that a source fills (`fed`): nothing else is ever being prepared for those. What has one of the paths already
 * is replaced. The owner's quota is the caller's to ask.
 */
export const prepareAppendVersion = (
	db: Database,
): ((args: {
	datasetSeq: number;
	entries: readonly AppendedEntry[];
	by: string;
	note: string;
	now: number;
}) => number) => {
	const find = db.prepare(
		`SELECT d.version, d.fed, d.state, coalesce(v.files, 0) AS files, coalesce(v.bytes, 0) AS bytes FROM datasets d
		 LEFT JOIN dataset_versions v ON v.dataset_seq = d.seq AND v.number = d.version WHERE d.seq = ?`,
	);
	const replaced = db.prepare(
		`SELECT e.seq, b.size FROM dataset_entries e JOIN blobs b ON b.seq = e.blob_seq
		 WHERE e.dataset_seq = ? AND e.path = ? AND +e.removed_in IS NULL`,
	);
	const remove = db.prepare('UPDATE dataset_entries SET removed_in = ? WHERE seq = ?');
	const refer = prepareReferBlob(db);
	const insert = db.prepare(
		'INSERT INTO dataset_entries (dataset_seq, path, blob_seq, media_type, added_in) VALUES (?, ?, ?, ?, ?)',
	);
	const insertVersion = db.prepare('INSERT INTO dataset_versions VALUES (?, ?, ?, ?, ?, ?, ?)');
	const raise = db.prepare(
		`UPDATE datasets SET version = ?, files = files + ?, bytes = bytes + ?, revision = revision + 1, updated_at = ?
		 WHERE seq = ?`,
	);
	return ({ datasetSeq, entries, by, note, now }) => {
		const row = find.get(datasetSeq) as
			| { version: number; fed: number; state: string; files: number; bytes: number }
			| undefined;
		if (!row || row.state === 'retired') throw new CodedError('dataset-retired');
		if (row.fed === 0) throw new Error(`the dataset ${datasetSeq} is not one that sources fill`);
		if (row.version >= MAX_DATASET_VERSIONS) {
			throw new CodedError('too-many-things', `The dataset has ${MAX_DATASET_VERSIONS} versions; make a new source.`);
		}
		const version = row.version + 1;
		const unique = [...new Map(entries.map((entry) => [entry.path, entry])).values()];
		let { files, bytes } = row;
		for (const { path, sha256, size, mediaType } of unique) {
			const old = replaced.get(datasetSeq, path) as { seq: number; size: number } | undefined;
			if (old) remove.run(version, old.seq);
			insert.run(datasetSeq, path, refer(sha256, size), mediaType, version);
			files += old ? 0 : 1;
			bytes += size - (old?.size ?? 0);
		}
		const added = unique.reduce((sum, { size }) => sum + size, 0);
		insertVersion.run(datasetSeq, version, now, by, note, files, bytes);
		raise.run(version, unique.length, added, now, datasetSeq);
		return version;
	};
};
