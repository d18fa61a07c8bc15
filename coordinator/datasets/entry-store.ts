import type { Database } from 'better-sqlite3';
import type { DatasetEntry, DatasetItem } from '../../shared/protocol/dataset.ts';
import { readOperation } from '../database/operation.ts';
import { prepareRequireReadable, requireLicence, versionOf } from './access-store.ts';
import type { DatasetRow } from './dataset-row.ts';

/** The plus keeps the planner to the index by path: pages are in its order. */
const IN_VERSION = '(+e.added_in <= @version AND (+e.removed_in IS NULL OR +e.removed_in > @version))';
/** Its bytes are in the blob store, or lie in the dataset's root. */
const SELECT = `SELECT e.path, coalesce(b.size, e.size) AS size, lower(hex(coalesce(b.sha256, e.sha256))) AS sha256,
	e.media_type AS mediaType, e.added_in AS addedIn
	FROM dataset_entries e LEFT JOIN blobs b ON b.seq = e.blob_seq`;

/** The file that has the path in a version of a dataset. */
export const prepareFindEntry = (
	db: Database,
): ((datasetSeq: number, version: number, path: string) => DatasetEntry | null) => {
	const find = db.prepare(`${SELECT} WHERE e.dataset_seq = @datasetSeq AND e.path = @path AND ${IN_VERSION}`);
	return (datasetSeq, version, path) => (find.get({ datasetSeq, version, path }) as DatasetEntry | undefined) ?? null;
};

/** A page of a version's files in the order of their paths. What comes after everything below `a/` is `a0`. */
export const prepareEntriesOf = (db: Database) => {
	const select = db.prepare(
		`${SELECT} WHERE e.dataset_seq = @seq AND e.path > @after AND e.path < @end AND ${IN_VERSION}
		 ORDER BY e.path LIMIT @limit`,
	);
	return (args: {
		seq: number;
		version: number;
		/** Null: everything. */
		under: string | null;
		after: string | null;
		limit: number;
	}): DatasetEntry[] => {
		const { seq, version, under, after, limit } = args;
		const from = under === null ? '' : `${under}/`;
		const end = under === null ? '\u{10ffff}' : `${under}0`;
		const start = after !== null && after > from ? after : from;
		return select.all({ seq, version, after: start, end, limit }) as DatasetEntry[];
	};
};

export const listEntries = readOperation('datasets.list-entries', (db) => {
	const require = prepareRequireReadable(db);
	const entriesOf = prepareEntriesOf(db);
	return (args: {
		readerSeq: number;
		ref: string;
		version: number | null;
		under: string | null;
		after: string | null;
		limit: number;
	}): DatasetEntry[] => {
		const row = require(args.readerSeq, args.ref);
		// A dataset without versions is empty; that is not the asker's fault.
		if (row.version === 0 && args.version === null) return [];
		return entriesOf({ ...args, seq: row.seq, version: versionOf(row, args.version) });
	};
});

/** Where a list of a folder goes on: after a path, or at it. */
export interface FolderPlace {
	path: string;
	isAt: boolean;
}

/**
 * A page of what lies in a folder of a version itself, in the order of paths. What lies deeper is passed over in one
 * step: a folder costs as much as a file, however much is in it.
 */
export const listDatasetFolder = readOperation('datasets.list-folder', (db) => {
	const require = prepareRequireReadable(db);
	const select = db.prepare(
		`${SELECT} WHERE e.dataset_seq = @seq AND e.path >= @path AND (@isAt OR e.path > @path) AND e.path < @end
		 AND ${IN_VERSION} ORDER BY e.path`,
	);
	const publishedAt = db.prepare('SELECT at FROM dataset_versions WHERE dataset_seq = ? AND number = ?').pluck();
	/** `times`: when the versions were published in which these files came. */
	return (args: {
		readerSeq: number;
		ref: string;
		version: number | null;
		/** Empty: the top. */
		folder: string;
		from: FolderPlace | null;
		limit: number;
	}): { items: DatasetItem[]; next: FolderPlace | null; times: Map<number, number> } => {
		const row = require(args.readerSeq, args.ref);
		const times = new Map<number, number>();
		if (row.version === 0 && args.version === null) return { items: [], next: null, times };
		const remember = (number: number): void => {
			if (!times.has(number)) times.set(number, publishedAt.get(row.seq, number) as number);
		};
		const version = versionOf(row, args.version);
		const prefix = args.folder === '' ? '' : `${args.folder}/`;
		const end = args.folder === '' ? '\u{10ffff}' : `${args.folder}0`;
		const items: DatasetItem[] = [];
		let from: FolderPlace | null = args.from ?? { path: prefix, isAt: true };
		while (from !== null) {
			const at: FolderPlace = from;
			from = null;
			const rows = select.iterate({ seq: row.seq, version, end, path: at.path, isAt: at.isAt ? 1 : 0 });
			let last = at;
			for (const entry of rows as IterableIterator<DatasetEntry>) {
				if (items.length === args.limit) return { items, next: last, times };
				const name = entry.path.slice(prefix.length);
				const slash = name.indexOf('/');
				if (slash === -1) {
					items.push({ kind: 'file', name, ...entry });
					remember(entry.addedIn);
					last = { path: entry.path, isAt: false };
					continue;
				}
				const path = entry.path.slice(0, prefix.length + slash);
				items.push({ kind: 'folder', name: name.slice(0, slash), path });
				// What comes after everything below `a/` is `a0`.
				from = { path: `${path}0`, isAt: true };
				break;
			}
		}
		return { items, next: null, times };
	};
});

/** A file to be downloaded; null when the version has none of that path. Throws `licence-not-accepted`. */
export const findDatasetContent = readOperation('datasets.find-content', (db) => {
	const require = prepareRequireReadable(db);
	const find = prepareFindEntry(db);
	return (args: { readerSeq: number; ref: string; version: number | null; path: string }) => {
		const row: DatasetRow = require(args.readerSeq, args.ref);
		requireLicence(row);
		return find(row.seq, versionOf(row, args.version), args.path);
	};
});

/** A version that is to be downloaded as a whole. Throws `licence-not-accepted`. */
export const findDatasetVersion = readOperation('datasets.find-version', (db) => {
	const require = prepareRequireReadable(db);
	const changed = db
		.prepare(
			`SELECT e.path FROM dataset_entries e WHERE e.dataset_seq = @seq AND e.changed_at IS NOT NULL AND ${IN_VERSION} LIMIT 1`,
		)
		.pluck();
	const published = db.prepare('SELECT at FROM dataset_versions WHERE dataset_seq = ? AND number = ?').pluck();
	return (args: { readerSeq: number; ref: string; version: number | null }) => {
		const row = require(args.readerSeq, args.ref);
		requireLicence(row);
		const version = versionOf(row, args.version);
		const at = published.get(row.seq, version) as number;
		/** A file of it that is known not to be any more what it was. */
		const changedPath = (changed.get({ seq: row.seq, version }) as string | undefined) ?? null;
		return { id: row.id, name: row.name, version, at, changedPath };
	};
});
