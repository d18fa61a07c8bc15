import { CodedError } from '../../shared/coded-error.ts';
import { MAX_DATASET_FILES } from '../../shared/protocol/dataset.ts';
import { writeOperation } from '../database/operation.ts';
import { prepareRequireQuota, type Quota } from '../files/quota-store.ts';
import type { Publication } from './publication-store.ts';

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
	/** Set when its bytes stay where they are: how that file was when it was hashed, and its place unless that is the path. */
	linked?: { modifiedNs: string; place: string | null };
}

interface Before {
	seq: number;
	sha256: string;
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
		`SELECT e.seq, lower(hex(coalesce(b.sha256, e.sha256))) AS sha256
		 FROM dataset_entries e LEFT JOIN blobs b ON b.seq = e.blob_seq WHERE e.dataset_seq = ? AND e.path = ? AND +e.removed_in = ?`,
	);
	const unmark = db.prepare('UPDATE dataset_entries SET removed_in = NULL WHERE seq = ?');
	// The same bytes, looked at again: also older versions find them as they are now.
	const unmarkLinked = db.prepare(
		`UPDATE dataset_entries SET removed_in = NULL, modified_ns = @modifiedNs, place = @place, changed_at = NULL
		 WHERE seq = @seq`,
	);
	const insertLinked = db.prepare(
		`INSERT INTO dataset_entries (dataset_seq, path, sha256, size, modified_ns, place, media_type, added_in)
		 VALUES (?, ?, ?, ?, ?, ?, ?, ?)`,
	);
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
		// What is linked takes none of anybody's quota.
		let stored = 0;
		for (const { path, sha256, size, mediaType, isKept, fileSeq, linked } of args.entries) {
			if (kept.get(datasetSeq, path) !== undefined) continue;
			const old = before.get(datasetSeq, path, number) as Before | undefined;
			if (old?.sha256 === sha256) {
				if (linked) unmarkLinked.run({ seq: old.seq, ...linked });
				else unmark.run(old.seq);
			} else if (linked) {
				const { modifiedNs, place } = linked;
				insertLinked.run(datasetSeq, path, Buffer.from(sha256, 'hex'), size, modifiedNs, place, mediaType, number);
				fresh.files += 1;
				fresh.bytes += size;
			} else {
				const blobSeq = (isKept ? referKept : refer).get(Buffer.from(sha256, 'hex'), size) as number | undefined;
				if (blobSeq === undefined) continue;
				const type = mediaType ?? (fileSeq === null ? null : ((typeOf.get(fileSeq, blobSeq) as string | null) ?? null));
				insert.run(datasetSeq, path, blobSeq, type, number);
				stored += size;
				fresh.files += 1;
				fresh.bytes += size;
			}
			found.files += 1;
			found.bytes += size;
		}
		if (ownerSeq !== null && args.quota) requireQuota(ownerSeq, args.quota, { bytes: stored, files: 0 });
		more.run(fresh.files, fresh.bytes, datasetSeq);
		count.run(found.files, found.bytes, datasetSeq);
		return 'added';
	};
});
