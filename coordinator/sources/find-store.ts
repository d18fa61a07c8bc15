import type { Database } from 'better-sqlite3';
import { CodedError } from '../../shared/coded-error.ts';
import { readOperation } from '../database/operation.ts';
import type { Use } from '../source-runs/allowance.ts';
import { monthOf } from '../source-runs/month.ts';
import { SELECT_SOURCE, type SourceRow } from '../source-runs/source-row.ts';
import { prepareUseOf } from '../source-runs/use-store.ts';

export const notFound = (id: string): CodedError => new CodedError('not-found', `There is no source ${id}.`);

/** Throws `not-found`. */
export const prepareFindSource = (db: Database): ((id: string) => SourceRow) => {
	const find = db.prepare(`${SELECT_SOURCE} WHERE s.id = ?`);
	return (id) => {
		const row = find.get(id) as SourceRow | undefined;
		if (!row) throw notFound(id);
		return row;
	};
};

export const readSource = readOperation('sources.read', prepareFindSource);

export interface RunRow {
	seq: number;
	/** Public id. */
	task: string;
	state: 'open' | 'done' | 'late' | 'unusable' | 'failed';
	reserved: number;
	items: number;
	more: 0 | 1;
	note: string | null;
	datasetVersion: number | null;
	startedAt: number;
	finishedAt: number | null;
}

const SELECT_RUN = `SELECT r.task_seq AS seq, t.id AS task, r.state, r.reserved, r.items, r.more, r.note,
	r.dataset_version AS datasetVersion, r.started_at AS startedAt, r.finished_at AS finishedAt
	FROM source_runs r JOIN tasks t ON t.seq = r.task_seq`;

export interface ScheduleOfSource {
	id: string;
	name: string;
	cron: string | null;
	everyMs: number | null;
	anchorAt: number | null;
	timeZone: string;
	state: 'active' | 'paused';
	nextAt: number | null;
}

/** A source with all that is told of it. */
export interface ListedSource extends SourceRow {
	dataset: { id: string; name: string; version: number };
	lastRun: RunRow | null;
	use: Use;
	schedules: ScheduleOfSource[];
}

/** What is told of a source beside itself. */
const prepareListed = (db: Database): ((row: SourceRow, now: number) => ListedSource) => {
	const dataset = db.prepare('SELECT id, name, version FROM datasets WHERE seq = ?');
	const lastRun = db.prepare(`${SELECT_RUN} WHERE r.source_seq = ? ORDER BY r.task_seq DESC LIMIT 1`);
	const schedules = db.prepare(
		`SELECT id, name, cron, every_ms AS everyMs, anchor_at AS anchorAt, time_zone AS timeZone, state, next_at AS nextAt
		 FROM schedules WHERE wish ->> '$.source' = ? AND owner_seq = ? ORDER BY seq LIMIT 20`,
	);
	const taken = prepareUseOf(db);
	return (row, now) => ({
		...row,
		dataset: dataset.get(row.datasetSeq) as ListedSource['dataset'],
		lastRun: (lastRun.get(row.seq) as RunRow | undefined) ?? null,
		use: taken(row.seq, monthOf(now)),
		schedules: schedules.all(row.id, row.ownerSeq) as ScheduleOfSource[],
	});
};

/** One with all that is told of it. Throws `not-found`. */
export const readListedSource = readOperation('sources.read-listed', (db) => {
	const find = prepareFindSource(db);
	const listed = prepareListed(db);
	return ({ id, now }: { id: string; now: number }): ListedSource => listed(find(id), now);
});

/** A page, oldest first. `owner`: a person's number or public id, or null for everybody's. */
export const listSources = readOperation('sources.list', (db) => {
	const select = db.prepare(
		`${SELECT_SOURCE} WHERE s.seq > @after AND (@owner IS NULL OR s.owner_seq = @owner OR u.id = @owner)
		 ORDER BY s.seq LIMIT @limit`,
	);
	const listed = prepareListed(db);
	return ({
		now,
		...args
	}: {
		owner: number | string | null;
		after: number;
		limit: number;
		now: number;
	}): ListedSource[] => (select.all(args) as SourceRow[]).map((row) => listed(row, now));
});

/** A page of a source's runs, newest first. */
export const listSourceRuns = readOperation('sources.list-runs', (db) => {
	const select = db.prepare(`${SELECT_RUN} WHERE r.source_seq = ? AND r.task_seq < ? ORDER BY r.task_seq DESC LIMIT ?`);
	return (args: { seq: number; before: number | null; limit: number }) =>
		select.all(args.seq, args.before ?? Number.MAX_SAFE_INTEGER, args.limit) as RunRow[];
});

/** What a source has taken in the last months, newest first. */
export const readMonths = readOperation('sources.read-months', (db) => {
	const taken = prepareUseOf(db);
	return ({ seq, month, count }: { seq: number; month: number; count: number }) =>
		Array.from({ length: count }, (_, i) => ({ month: month - i, use: taken(seq, month - i) }));
});

/** A part of what a source has brought: a file of its dataset. */
export interface PartRow {
	path: string;
	sha256: string;
	size: number;
	datasetVersion: number;
}

/** Newest first, from this path on down; null: from the newest. */
export const readParts = readOperation('sources.read-parts', (db) => {
	const select = db.prepare(
		`SELECT e.path, lower(hex(b.sha256)) AS sha256, b.size, e.added_in AS datasetVersion
		 FROM dataset_entries e JOIN blobs b ON b.seq = e.blob_seq
		 WHERE e.dataset_seq = ? AND e.path > 'items/' AND e.path <= ? AND +e.removed_in IS NULL ORDER BY e.path DESC LIMIT ?`,
	);
	return (args: { datasetSeq: number; from: string | null; limit: number }) =>
		select.all(args.datasetSeq, args.from ?? 'items/:', args.limit) as PartRow[];
});
