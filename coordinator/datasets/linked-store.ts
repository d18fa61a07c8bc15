import type { Database } from 'better-sqlite3';
import { readOperation, writeOperation } from '../database/operation.ts';

const FORGOTTEN_AT_ONCE = 1_000;

/** A file in a linked directory, as it looks without being read. */
export interface LinkedLook {
	path: string;
	size: number;
	modifiedNs: string;
}

/** What is known of files that still look as they did when they were hashed; null for what has to be read. */
export const findLinkedHashes = readOperation('datasets.find-linked-hashes', (db) => {
	const published = db.prepare(
		`SELECT lower(hex(sha256)) AS sha256, media_type AS mediaType FROM dataset_entries
		 WHERE dataset_seq = @datasetSeq AND path = @path AND size = @size AND modified_ns = @modifiedNs AND changed_at IS NULL
		 ORDER BY added_in DESC LIMIT 1`,
	);
	const unpublished = db.prepare(
		`SELECT lower(hex(sha256)) AS sha256, media_type AS mediaType FROM linked_hashes
		 WHERE dataset_seq = @datasetSeq AND path = @path AND size = @size AND modified_ns = @modifiedNs`,
	);
	type Known = { sha256: string; mediaType: string | null };
	return ({ datasetSeq, looks }: { datasetSeq: number; looks: readonly LinkedLook[] }): (Known | null)[] =>
		looks.map(({ path, size, modifiedNs }) => {
			const of = { datasetSeq, path, size, modifiedNs };
			return (published.get(of) ?? unpublished.get(of) ?? null) as Known | null;
		});
});

/** Forgets, a piece at a time, what was hashed for versions that did not come to be; gives whether all is. */
export const prepareForgetHashes = (db: Database): ((datasetSeq: number) => boolean) => {
	const forget = db.prepare(
		`DELETE FROM linked_hashes WHERE dataset_seq = @datasetSeq AND path IN
		 (SELECT path FROM linked_hashes WHERE dataset_seq = @datasetSeq LIMIT ${FORGOTTEN_AT_ONCE})`,
	);
	return (datasetSeq) => forget.run({ datasetSeq }).changes === 0;
};

export const forgetLinkedHashes = writeOperation('datasets.forget-linked-hashes', (db) => {
	const forget = prepareForgetHashes(db);
	return ({ datasetSeq }: { datasetSeq: number }): boolean => forget(datasetSeq);
});

/** Where some content lies in a linked directory. */
export interface LinkedPlace {
	seq: number;
	datasetSeq: number;
	dataset: string;
	root: string;
	/** Below the root. */
	place: string;
	modifiedNs: string;
	/** 1: it was found to be changed: until it is published again it is not looked at. */
	isChanged: number;
	/** 1: its root was found not to be there. */
	isMissing: number;
}

/** Some places of that content; when all are known to be changed, one of those. */
export const findLinkedPlaces = readOperation('datasets.find-linked-places', (db) => {
	const prepare = (condition: string, limit: number) =>
		db.prepare(
			`SELECT e.seq, e.dataset_seq AS datasetSeq, d.name AS dataset, d.root, coalesce(e.place, e.path) AS place,
			        e.modified_ns AS modifiedNs, e.changed_at IS NOT NULL AS isChanged, d.missing_since IS NOT NULL AS isMissing
			 FROM dataset_entries e JOIN datasets d ON d.seq = e.dataset_seq
			 WHERE e.sha256 = ? AND e.size = ? AND e.changed_at ${condition} LIMIT ${limit}`,
		);
	const good = prepare('IS NULL', 10);
	const changed = prepare('IS NOT NULL', 1);
	return ({ sha256, size }: { sha256: string; size: number }): LinkedPlace[] => {
		const hash = Buffer.from(sha256, 'hex');
		const found = good.all(hash, size) as LinkedPlace[];
		return found.length > 0 ? found : (changed.all(hash, size) as LinkedPlace[]);
	};
});

/** What was found out: entries that are not what they were, datasets whose directory is not there, or there again. */
export const noteLinked = writeOperation('datasets.note-linked', (db) => {
	const mark = db
		.prepare('UPDATE dataset_entries SET changed_at = ? WHERE seq = ? AND changed_at IS NULL RETURNING dataset_seq')
		.pluck();
	const miss = db
		.prepare('UPDATE datasets SET missing_since = ? WHERE seq = ? AND missing_since IS NULL RETURNING seq')
		.pluck();
	const unmiss = db.prepare('UPDATE datasets SET missing_since = NULL WHERE seq = ? RETURNING seq').pluck();
	const renew = db.prepare('UPDATE datasets SET revision = revision + 1, updated_at = ? WHERE seq = ?');
	return (args: {
		changed: readonly number[];
		missing: readonly number[];
		there: readonly number[];
		now: number;
	}): void => {
		const { changed, missing, there, now } = args;
		const datasets = new Set<unknown>([
			...changed.map((seq) => mark.get(now, seq)),
			...missing.map((seq) => miss.get(now, seq)),
			...there.map((seq) => unmiss.get(seq)),
		]);
		for (const seq of datasets) if (seq !== undefined) renew.run(now, seq);
	};
});

/** Directories that datasets are linked to. */
export const listLinkedRoots = readOperation('datasets.list-linked-roots', (db) => {
	const select = db.prepare(
		`SELECT seq, root, missing_since IS NOT NULL AS isMissing FROM datasets
		 WHERE root IS NOT NULL AND state <> 'retired' AND version > 0`,
	);
	return (_: null) => select.all() as { seq: number; root: string; isMissing: number }[];
});
