import type { Database } from 'better-sqlite3';
import { CodedError } from '../../shared/coded-error.ts';
import { MAX_DATASET_FILES, MAX_DATASET_VERSIONS } from '../../shared/protocol/dataset.ts';
import { prepareAudit } from '../audit/audit-store.ts';
import type { Doer } from '../audit/doer.ts';
import { readOperation, writeOperation } from '../database/operation.ts';
import { prepareRequireQuota, type Quota } from '../files/quota-store.ts';
import { requireVersion, type VersionCondition } from '../qos/version-condition.ts';
import { prepareRequireReadable } from './access-store.ts';
import type { DatasetRow } from './dataset-row.ts';

/** Rows that one transaction cleans up. */
const CLEANED_AT_ONCE = 1_000;

/** Where the files of a version come from. */
export type PublicationSource = { folder: string; ownerSeq: number } | { directory: string } | { sample: string };

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
	const find = db.prepare('SELECT name, state, version, fed FROM datasets WHERE seq = ?');
	const insert = db.prepare(
		`INSERT INTO dataset_publications (dataset_seq, number, source, note, by, address) VALUES (?, ?, ?, ?, ?, ?)`,
	);
	const update = db.prepare(
		`UPDATE datasets SET state = 'importing', reason = NULL, revision = revision + 1, updated_at = ? WHERE seq = ?`,
	);
	return ({ seq, source, note, by, now }) => {
		const { name, state, version, fed } = find.get(seq) as {
			name: string;
			state: string;
			version: number;
			fed: number;
		};
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
		insert.run(seq, version + 1, JSON.stringify(source), note, by.actor, by.address);
		update.run(now, seq);
	};
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
		`SELECT e.seq, b.size FROM dataset_entries e JOIN blobs b ON b.seq = e.blob_seq
		 WHERE e.dataset_seq = ? AND e.added_in = ? LIMIT ${CLEANED_AT_ONCE}`,
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
		for (const { seq } of rows) remove.run(seq);
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

/** A file that is to be in a version. */
export interface ComingEntry {
	path: string;
	sha256: string;
	size: number;
	mediaType: string | null;
	/** Set when its bytes are kept for it; otherwise they are somebody's file, which may have gone meanwhile. */
	isKept: boolean;
	/** The file whose content it is: it may know its type. */
	fileSeq: number | null;
}

/**
 * Puts some files into the version that is being made. `gone`: it is not wanted any more. A path that comes twice keeps
 * what came first; content that was destroyed before it could be referred to is left out.
 */
export const addEntries = writeOperation('datasets.add-entries', (db) => {
	const publication = db.prepare('SELECT files FROM dataset_publications WHERE dataset_seq = ? AND number = ?').pluck();
	// The plus keeps the planner from the indices on removed_in, by which it would look at every row of the dataset.
	const kept = db
		.prepare('SELECT 1 FROM dataset_entries WHERE dataset_seq = ? AND path = ? AND +removed_in IS NULL')
		.pluck();
	const before = db.prepare(
		`SELECT e.seq, lower(hex(b.sha256)) AS sha256 FROM dataset_entries e JOIN blobs b ON b.seq = e.blob_seq
		 WHERE e.dataset_seq = ? AND e.path = ? AND +e.removed_in = ?`,
	);
	const unmark = db.prepare('UPDATE dataset_entries SET removed_in = NULL WHERE seq = ?');
	const refer = db
		.prepare('UPDATE blobs SET refs = refs + 1, idle_since = NULL WHERE sha256 = ? AND size = ? RETURNING seq')
		.pluck();
	const referKept = db
		.prepare(
			`INSERT INTO blobs (sha256, size, refs) VALUES (?, ?, 1)
			 ON CONFLICT (sha256) DO UPDATE SET refs = refs + 1, idle_since = NULL RETURNING seq`,
		)
		.pluck();
	const typeOf = db
		.prepare(
			`SELECT v.facts ->> '$.mimetype' FROM files f JOIN file_versions v ON v.file_seq = f.seq AND v.number = f.version
			 WHERE f.seq = ? AND v.blob_seq = ?`,
		)
		.pluck();
	const insert = db.prepare(
		`INSERT INTO dataset_entries (dataset_seq, path, blob_seq, media_type, added_in) VALUES (?, ?, ?, ?, ?)`,
	);
	const more = db.prepare('UPDATE datasets SET files = files + ?, bytes = bytes + ? WHERE seq = ?');
	const count = db.prepare(
		'UPDATE dataset_publications SET files = files + ?, bytes = bytes + ? WHERE dataset_seq = ?',
	);
	const requireQuota = prepareRequireQuota(db);
	return (args: {
		publication: Pick<Publication, 'datasetSeq' | 'number' | 'ownerSeq'>;
		entries: readonly ComingEntry[];
		quota: Quota | null;
	}): 'gone' | 'added' => {
		const { datasetSeq, number, ownerSeq } = args.publication;
		const files = publication.get(datasetSeq, number) as number | undefined;
		if (files === undefined) return 'gone';
		if (files + args.entries.length > MAX_DATASET_FILES) {
			throw new CodedError('selection-too-large', `A version of a dataset may have ${MAX_DATASET_FILES} files.`);
		}
		const found = { files: 0, bytes: 0 };
		const fresh = { files: 0, bytes: 0 };
		for (const { path, sha256, size, mediaType, isKept, fileSeq } of args.entries) {
			if (kept.get(datasetSeq, path) !== undefined) continue;
			const old = before.get(datasetSeq, path, number) as { seq: number; sha256: string } | undefined;
			if (old?.sha256 === sha256) unmark.run(old.seq);
			else {
				const blobSeq = (isKept ? referKept : refer).get(Buffer.from(sha256, 'hex'), size) as number | undefined;
				if (blobSeq === undefined) continue;
				const type = mediaType ?? (fileSeq === null ? null : ((typeOf.get(fileSeq, blobSeq) as string | null) ?? null));
				insert.run(datasetSeq, path, blobSeq, type, number);
				fresh.files += 1;
				fresh.bytes += size;
			}
			found.files += 1;
			found.bytes += size;
		}
		if (ownerSeq !== null && args.quota) requireQuota(ownerSeq, args.quota, { bytes: fresh.bytes, files: 0 });
		more.run(fresh.files, fresh.bytes, datasetSeq);
		count.run(found.files, found.bytes, datasetSeq);
		return 'added';
	};
});

/** Ends it: from here on everybody sees the version, or why there is none. */
export const endPublication = writeOperation('datasets.end-publication', (db) => {
	const take = db.prepare(
		'DELETE FROM dataset_publications WHERE dataset_seq = ? AND number = ? RETURNING note, by, address, files, bytes',
	);
	const insert = db.prepare('INSERT INTO dataset_versions VALUES (?, ?, ?, ?, ?, ?, ?)');
	const publish = db.prepare(
		`UPDATE datasets SET version = ?, state = 'ready', revision = revision + 1, updated_at = ? WHERE seq = ?`,
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
			| { note: string; by: string; address: string; files: number; bytes: number }
			| undefined;
		if (!taken) return;
		const { note, by, address, files, bytes } = taken;
		if (failure === null) {
			insert.run(datasetSeq, number, now, by, note, files, bytes);
			publish.run(number, now, datasetSeq);
		} else fail.run(failure, now, datasetSeq);
		const action = failure === null ? 'dataset.publish' : 'dataset.publish-failed';
		const detail = { version: number, files, bytes, ...(failure === null ? {} : { reason: failure }) };
		audit({ at: now, actor: by, address, action, object: dataset, outcome: 'done', detail });
	};
});
