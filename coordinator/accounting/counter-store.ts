import { readOperation, writeOperation } from '../database/operation.ts';
import { preparePersonSeq } from './people.ts';

export type CountedKind = 'attempt' | 'upload' | 'download' | 'storage';
export type Outcome = 'success' | 'failed' | '';

/** What was reported of one kind of thing. */
export interface CounterRow {
	kind: CountedKind;
	/** '' for what has none. */
	type: string;
	outcome: Outcome;
	reports: number;
	/** Microseconds, bytes, or MiB x s. */
	total: number;
	squares: number;
	least: number;
	most: number;
	firstAt: number;
	lastAt: number;
}

type Row = [seq: number, at: number, owner: number, kind: CountedKind, type: string, outcome: Outcome, value: number];

/**
 * Counts the next records, with the watermark in the same transaction; true: there may be more. One after the other in
 * their order, so that the squares, which are no whole numbers any more, are the same however they come in pages.
 */
export const countUsage = writeOperation('accounting.count', (db) => {
	const counted = db.prepare('SELECT last_seq FROM usage_counted').pluck();
	const newest = db.prepare('SELECT coalesce(max(seq), 0) FROM usage_records').pluck();
	const select = db
		.prepare(
			`SELECT u.seq, u.at, u.owner_seq, u.kind, coalesce(u.task_type, ''),
			        CASE a.state WHEN 'succeeded' THEN 'success' WHEN 'failed' THEN 'failed' ELSE '' END,
			        CASE u.kind WHEN 'attempt' THEN u.wall_us WHEN 'upload' THEN u.bytes_in
			          WHEN 'download' THEN u.bytes_out ELSE u.stored_mib_s END
			 FROM usage_records u LEFT JOIN attempts a ON a.task_seq = u.task_seq AND a.number = u.attempt
			 WHERE u.seq > @after AND u.seq <= @upTo AND u.charged = 1
			   AND u.kind IN ('attempt', 'upload', 'download', 'storage') ORDER BY u.seq`,
		)
		.raw();
	const find = db
		.prepare(
			`SELECT reports, total, squares, least, most, first_at, last_at FROM usage_counters
			 WHERE owner_seq = ? AND kind = ? AND task_type = ? AND outcome = ?`,
		)
		.raw();
	const put = db.prepare('INSERT OR REPLACE INTO usage_counters VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)');
	const advance = db.prepare('UPDATE usage_counted SET last_seq = ?');
	return ({ limit }: { limit: number }): boolean => {
		const after = counted.get() as number;
		const upTo = Math.min(newest.get() as number, after + limit);
		if (upTo === after) return false;
		const cells = new Map<string, { key: [number, CountedKind, string, Outcome]; sums: number[] }>();
		for (const [, at, owner, kind, type, outcome, value] of select.all({ after, upTo }) as Row[]) {
			const name = `${owner} ${kind} ${outcome} ${type}`;
			let cell = cells.get(name);
			if (!cell) {
				const there = find.get(owner, kind, type, outcome) as number[] | undefined;
				cell = { key: [owner, kind, type, outcome], sums: there ?? [0, 0, 0, value, value, at, at] };
				cells.set(name, cell);
			}
			const [reports, total, squares, least, most, first, last] = cell.sums as [
				...[number, number, number, number, number, number, number],
			];
			cell.sums = [
				...[reports + 1, total + value, squares + value * value],
				...[Math.min(least, value), Math.max(most, value), Math.min(first, at), Math.max(last, at)],
			];
		}
		for (const { key, sums } of cells.values()) put.run(...key, ...sums);
		advance.run(upTo);
		return upTo - after === limit;
	};
});

/** Records that are not counted yet. */
export const readUncounted = readOperation('accounting.read-uncounted', (db) => {
	const select = db
		.prepare(`SELECT coalesce((SELECT max(seq) FROM usage_records), 0) - last_seq FROM usage_counted`)
		.pluck();
	return (_: null) => select.get() as number;
});

/** What a person stores, or all together, and up to when it was metered. */
export interface Stored {
	files: number;
	bytes: number;
	/** When somebody's was metered last; null: never yet. */
	meteredAt: number | null;
	/** Bytes x ms that were not reported yet then. */
	rest: number;
}

/** Everything that was counted of a person, or of all together. Throws `not-found`. */
export const readCounters = readOperation('accounting.read-counters', (db) => {
	const personSeq = preparePersonSeq(db);
	const counters = (where: string) =>
		db.prepare(
			`SELECT kind, task_type AS type, outcome, sum(reports) AS reports, sum(total) AS total, sum(squares) AS squares,
			        min(least) AS least, max(most) AS most, min(first_at) AS firstAt, max(last_at) AS lastAt
			 FROM usage_counters ${where} GROUP BY kind, task_type, outcome ORDER BY kind, task_type, outcome`,
		);
	// Each counts on from when it was metered itself: until the last of these the sum is worked out here.
	const stored = (where: string) =>
		db.prepare(
			`WITH used AS (SELECT s.files, s.bytes, m.metered_at, coalesce(m.rest, 0) AS rest FROM storage_use s
			   LEFT JOIN storage_metering m USING (owner_seq) ${where}),
			 latest AS (SELECT max(metered_at) AS at FROM used)
			 SELECT coalesce(sum(files), 0) AS files, coalesce(sum(bytes), 0) AS bytes, max(metered_at) AS meteredAt,
			        coalesce(total(rest + CAST(bytes AS REAL) * (latest.at - coalesce(metered_at, latest.at))), 0) AS rest
			 FROM used, latest`,
		);
	const all = { counters: counters(''), stored: stored('') };
	const one = { counters: counters('WHERE owner_seq = ?'), stored: stored('WHERE s.owner_seq = ?') };
	const read = ({ owner }: { owner: string | null }) => {
		const seq = owner === null ? null : personSeq(owner);
		const from = seq === null ? all : one;
		const bound = seq === null ? [] : [seq];
		return {
			ownerSeq: seq,
			counters: from.counters.all(...bound) as CounterRow[],
			stored: from.stored.get(...bound) as Stored,
		};
	};
	return db.transaction(read);
});

export const COUNTER_OPERATIONS = [countUsage, readUncounted, readCounters];
