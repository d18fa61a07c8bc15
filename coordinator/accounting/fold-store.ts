import type { Database } from 'better-sqlite3';
import { readOperation, writeOperation } from '../database/operation.ts';
import { CURRENT_SET } from './all-sums.ts';
import { CUBES, type Cube, DAY_MS, DIMENSIONS, SUMMED, SUMS } from './rollup-cubes.ts';
import { adding, IS_TASK, NAMED, numbered, RECORD_SUMS, STARTS, summedFor } from './rollup-sql.ts';

/** A set of sums and how far it has come. */
export interface RollupSet {
	generation: number;
	/** It is the one that counts. */
	isCurrent: 0 | 1;
	/** Up to this record all are in its hours. */
	folded: number;
	/** The days before this one are in its days and months too, and of this one what belongs to people up to that one. */
	closedAt: number;
	closedOwner: number;
}

/** Records of one page, all of which are in one transaction. */
const CAUGHT_UP_AT_ONCE = 1_000;

const [HOURS, ...WITH_EACH] = CUBES.filter(({ atOnce }) => atOnce) as [Cube, ...Cube[]];
const LATER = CUBES.filter(({ atOnce }) => !atOnce);

/** All of them, in order. */
export const SETS = `SELECT generation, is_current AS isCurrent, folded_seq AS folded, closed_at AS closedAt, closed_owner AS closedOwner
	FROM usage_rollup_sets ORDER BY generation`;
const PAGE = 'seq > @folded AND seq <= @upTo';
/** What comes for a day that was closed already: from a clock that was set back, or of an upload that took past midnight. */
const LATE = `(at < @closedAt OR (at < @closedAt + ${DAY_MS} AND owner_seq <= @closedOwner))`;

/** Adds the records of a page to the hours of a set, and of days that are closed to these. All in SQL: it adds in 64 bits. */
const prepareFold = (db: Database) => {
	const page = db
		.prepare('SELECT count(*), max(seq) FROM (SELECT seq FROM usage_records WHERE seq > ? ORDER BY seq LIMIT ?)')
		.raw();
	const name = db.prepare(
		`INSERT OR IGNORE INTO usage_names (name) SELECT name FROM (
		   ${NAMED.map((one) => `SELECT ${one} AS name FROM usage_records WHERE ${PAGE}`).join(' UNION ')}
		 ) WHERE name IS NOT NULL`,
	);
	// Summed by the names themselves; only what is left then is looked up, and the months are made of it.
	const add = db.prepare(
		`WITH named AS MATERIALIZED (
		   SELECT ${STARTS.hour} AS at, ${DIMENSIONS.join(', ')}, ${RECORD_SUMS.map((sum, i) => `${sum} AS ${SUMS[i]}`).join(', ')}
		   FROM usage_records WHERE ${PAGE} GROUP BY ${STARTS.hour}, ${DIMENSIONS.join(', ')}),
		 hours AS MATERIALIZED (SELECT at, ${numbered('none')}, ${SUMS.join(', ')} FROM named)
		 ${adding(
				[
					`SELECT @generation, ${HOURS.code}, at, ${DIMENSIONS.join(', ')}, ${SUMS.join(', ')} FROM hours`,
					...WITH_EACH.map((cube) => summedFor(cube, 'hours')),
				].join(' UNION ALL '),
			)}`,
	);
	const isLate = db.prepare(`SELECT EXISTS (SELECT 1 FROM usage_records WHERE ${PAGE} AND ${LATE})`).pluck();
	const late = `(SELECT at, ${numbered('none')}, 1 AS records, ${IS_TASK} AS tasks,
	                      ${SUMMED.join(', ')} FROM usage_records WHERE ${PAGE} AND ${LATE})`;
	const addLate = LATER.map((cube) => db.prepare(adding(summedFor(cube, late))));
	const advance = db.prepare('UPDATE usage_rollup_sets SET folded_seq = ? WHERE generation = ?');
	return (set: RollupSet, limit: number): boolean => {
		const [records, upTo] = page.get(set.folded, limit) as [number, number | null];
		if (upTo === null) return false;
		const args = { ...set, upTo };
		name.run(args);
		add.run(args);
		if (isLate.get(args) === 1) for (const one of addLate) one.run(args);
		advance.run(upTo, set.generation);
		return records === limit;
	};
};

/** Adds the next records to the hours of each set of sums, with its watermark in the same transaction; true: there may be more. */
export const foldUsage = writeOperation('accounting.fold', (db) => {
	const sets = db.prepare(SETS);
	const fold = prepareFold(db);
	return ({ limit }: { limit: number }): boolean => {
		let more = false;
		for (const set of sets.all() as RollupSet[]) more = fold(set, limit) || more;
		return more;
	};
});

/**
 * Takes all records into the sums that count, in somebody's transaction, and gives the number of their set: for whoever has
 * to know to the last unit what was used. A set beside it that stands at the same record goes along; others are left
 * to those who make them.
 */
export const prepareCatchUp = (db: Database): (() => number) => {
	const sets = db.prepare(SETS);
	const fold = prepareFold(db);
	return () => {
		for (;;) {
			const all = sets.all() as RollupSet[];
			const { generation, folded } = all.find(({ isCurrent }) => isCurrent === 1)!;
			let more = false;
			for (const set of all) if (set.folded === folded) more = fold(set, CAUGHT_UP_AT_ONCE);
			if (!more) return generation;
		}
	};
};

/** Records that are not yet in the sums. */
export const readUnfolded = readOperation('accounting.read-unfolded', (db) => {
	const select = db
		.prepare(`SELECT coalesce((SELECT max(seq) FROM usage_records), 0) - folded_seq ${CURRENT_SET}`)
		.pluck();
	return (_: null) => select.get() as number;
});

export const FOLD_OPERATIONS = [foldUsage, readUnfolded];
