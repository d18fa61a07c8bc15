import type { Database } from 'better-sqlite3';
import { CodedError } from '../../shared/coded-error.ts';
import { MAX_DATASET_VERSIONS } from '../../shared/protocol/dataset.ts';
import { prepareAudit } from '../audit/audit-store.ts';
import type { Doer } from '../audit/doer.ts';
import { readOperation, writeOperation } from '../database/operation.ts';
import { requireVersion, type VersionCondition } from '../qos/version-condition.ts';
import { prepareRequireReadable } from './access-store.ts';
import type { DatasetRow } from './dataset-row.ts';

/** Rows that one transaction cleans up. */
const CLEANED_AT_ONCE = 1_000;

/** Where the files of a version come from. */
export type PublicationSource =
	| { folder: string; ownerSeq: number }
	| { directory: string }
	/** A directory where they stay. */
	| { link: string }
	| { sample: string };

/** A version that is being made. */
export interface Publication {
	datasetSeq: number;
	/** Public id of the dataset. */
	dataset: string;
	/** Whose quota it takes; null: nobody's. */
	ownerSeq: number | null;
	number: number;
	source: PublicationSource;
}

export interface Begin {
	seq: number;
	source: PublicationSource;
	note: string;
	by: Doer;
	now: number;
}

/** Begins a dataset's next version inside somebody's transaction. Throws `wrong-state`. */
export const prepareBeginPublication = (db: Database): ((begin: Begin) => void) => {
	const find = db.prepare('SELECT name, state, version, fed, root FROM datasets WHERE seq = ?');
	const insert = db.prepare(
		`INSERT INTO dataset_publications (dataset_seq, number, source, note, by, address) VALUES (?, ?, ?, ?, ?, ?)`,
	);
	const update = db.prepare(
		`UPDATE datasets SET state = 'importing', reason = NULL, revision = revision + 1, updated_at = ? WHERE seq = ?`,
	);
	return ({ seq, source, note, by, now }) => {
		const row = find.get(seq) as { name: string; state: string; version: number; fed: number; root: string | null };
		const { name, state, version, fed, root } = row;
		if (fed === 1)
			throw new CodedError('wrong-state', `The dataset ${name} is filled by a source; nobody publishes to it.`);
		if (state === 'importing') {
			throw new CodedError(
				'wrong-state',
				`A version of the dataset ${name} is being published; wait until it is there.`,
			);
		}
		if (version >= MAX_DATASET_VERSIONS) {
			throw new CodedError(
				'too-many-things',
				`The dataset ${name} has ${MAX_DATASET_VERSIONS} versions; make a new one.`,
			);
		}
		const from = root === null ? source : linkedSource(name, source);
		insert.run(seq, version + 1, JSON.stringify(from), note, by.actor, by.address);
		update.run(now, seq);
	};
};

/** A dataset that is linked stays so, also when its directory is another one by now. */
const linkedSource = (name: string, source: PublicationSource): PublicationSource => {
	if ('link' in source) return source;
	if ('directory' in source) return { link: source.directory };
	throw new CodedError(
		'wrong-state',
		`The dataset ${name} is linked to a directory; publish it again from there: millrace datasets publish ${name} --directory DIR`,
	);
};

export const publishDataset = writeOperation('datasets.publish', (db) => {
	const require = prepareRequireReadable(db);
	const begin = prepareBeginPublication(db);
	return (args: Omit<Begin, 'seq'> & { readerSeq: number; ref: string; condition: VersionCondition }): DatasetRow => {
		const row = require(args.readerSeq, args.ref);
		requireVersion(args.condition, row.revision);
		begin({ ...args, seq: row.seq });
		return require(args.readerSeq, row.id);
	};
});

/** All that are to be made, or one dataset's. */
export const readPublications = readOperation('datasets.read-publications', (db) => {
	const select = db.prepare(
		`SELECT p.dataset_seq AS datasetSeq, d.id AS dataset, d.owner_seq AS ownerSeq, p.number, p.source
		 FROM dataset_publications p JOIN datasets d ON d.seq = p.dataset_seq ORDER BY p.dataset_seq`,
	);
	return (_: null): Publication[] =>
		(select.all() as (Omit<Publication, 'source'> & { source: string })[]).map((row) => ({
			...row,
			source: JSON.parse(row.source) as PublicationSource,
		}));
});

/**
 * Takes back, a piece at a time, what was prepared for a version that is not published. Gives whether all is; run until then
 * before anything is prepared.
 */
export const cleanPublication = writeOperation('datasets.clean-publication', (db) => {
	const reset = db.prepare('UPDATE dataset_publications SET files = 0, bytes = 0 WHERE dataset_seq = ? AND number = ?');
	const added = db.prepare(
		`SELECT e.seq, coalesce(b.size, e.size) AS size FROM dataset_entries e LEFT JOIN blobs b ON b.seq = e.blob_seq
		 WHERE e.dataset_seq = ? AND e.added_in = ? LIMIT ${CLEANED_AT_ONCE}`,
	);
	const keepHash = db.prepare(
		`INSERT OR REPLACE INTO linked_hashes SELECT dataset_seq, path, size, modified_ns, sha256, media_type
		 FROM dataset_entries WHERE seq = ? AND blob_seq IS NULL`,
	);
	const remove = db.prepare('DELETE FROM dataset_entries WHERE seq = ?');
	const less = db.prepare('UPDATE datasets SET files = files - ?, bytes = bytes - ? WHERE seq = ?');
	const unmark = db.prepare(
		`UPDATE dataset_entries SET removed_in = NULL WHERE seq IN
		 (SELECT seq FROM dataset_entries WHERE dataset_seq = ? AND removed_in = ? LIMIT ${CLEANED_AT_ONCE})`,
	);
	return ({ datasetSeq, number }: Pick<Publication, 'datasetSeq' | 'number'>): boolean => {
		reset.run(datasetSeq, number);
		const rows = added.all(datasetSeq, number) as { seq: number; size: number }[];
		for (const { seq } of rows) {
			keepHash.run(seq);
			remove.run(seq);
		}
		if (rows.length > 0) {
			const bytes = rows.reduce((sum, { size }) => sum + size, 0);
			less.run(rows.length, bytes, datasetSeq);
			return false;
		}
		return unmark.run(datasetSeq, number).changes === 0;
	};
});

/** Marks, a piece at a time, all of the version before as not in this one; what is found again is unmarked. */
export const markForRemoval = writeOperation('datasets.mark-for-removal', (db) => {
	const mark = db.prepare(
		// By any other index it would look again at those that it has marked.
		`UPDATE dataset_entries SET removed_in = @number WHERE seq IN (SELECT seq FROM dataset_entries
		 INDEXED BY dataset_entries_kept
		 WHERE dataset_seq = @datasetSeq AND removed_in IS NULL LIMIT ${CLEANED_AT_ONCE})`,
	);
	return ({ datasetSeq, number }: Pick<Publication, 'datasetSeq' | 'number'>): boolean =>
		mark.run({ datasetSeq, number }).changes === 0;
});

/** Ends it: from here on everybody sees the version, or why there is none. */
export const endPublication = writeOperation('datasets.end-publication', (db) => {
	const take = db.prepare(
		'DELETE FROM dataset_publications WHERE dataset_seq = ? AND number = ? RETURNING source, note, by, address, files, bytes',
	);
	const insert = db.prepare('INSERT INTO dataset_versions VALUES (?, ?, ?, ?, ?, ?, ?)');
	const publish = db.prepare(
		`UPDATE datasets SET version = ?, state = 'ready', revision = revision + 1, updated_at = ?, missing_since = NULL,
		   root = iif(root IS NULL, NULL, coalesce(? ->> '$.link', root)) WHERE seq = ?`,
	);
	const fail = db.prepare(
		`UPDATE datasets SET state = iif(version = 0, 'failed', 'ready'), reason = ?, revision = revision + 1, updated_at = ?
		 WHERE seq = ?`,
	);
	const audit = prepareAudit(db);
	return (args: { publication: Publication; failure: string | null; now: number }): void => {
		const { publication, failure, now } = args;
		const { datasetSeq, dataset, number } = publication;
		const taken = take.get(datasetSeq, number) as
			| { source: string; note: string; by: string; address: string; files: number; bytes: number }
			| undefined;
		if (!taken) return;
		const { source, note, by, address, files, bytes } = taken;
		if (failure === null) {
			insert.run(datasetSeq, number, now, by, note, files, bytes);
			publish.run(number, now, source, datasetSeq);
		} else fail.run(failure, now, datasetSeq);
		const action = failure === null ? 'dataset.publish' : 'dataset.publish-failed';
		const detail = { version: number, files, bytes, ...(failure === null ? {} : { reason: failure }) };
		audit({ at: now, actor: by, address, action, object: dataset, outcome: 'done', detail });
	};
});
