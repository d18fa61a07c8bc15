import type { Database } from 'better-sqlite3';
import { USAGE_KINDS } from '../../shared/protocol/usage.ts';
import { readOperation, writeOperation } from '../database/operation.ts';
import { CUBES, type Cube, DAY_MS, DIMENSIONS, type Grain, HOUR_MS, SUMMED, SUMS, startOf } from './rollup-cubes.ts';

/** A set of sums and how far it has come. */
interface RollupSet {
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
/** Before the first person. */
const NOBODY = -1;
const LAST_PERSON = Number.MAX_SAFE_INTEGER;

const [HOURS, ...WITH_EACH] = CUBES.filter(({ atOnce }) => atOnce) as [Cube, ...Cube[]];
const [DAYS, ...COARSER] = CUBES.filter(({ atOnce }) => !atOnce) as [Cube, ...Cube[]];
/** Days of which the rows of some people are these people's alone, those with the fewest rows first. */
const DAILY = CUBES.filter(({ grain, without }) => grain === 'day' && !without.includes('owner_seq')).reverse();

const SETS = `SELECT generation, is_current AS isCurrent, folded_seq AS folded, closed_at AS closedAt, closed_owner AS closedOwner
	FROM usage_rollup_sets ORDER BY generation`;
const PAGE = 'seq > @folded AND seq <= @upTo';
/** What comes for a day that was closed already: from a clock that was set back, or of an upload that took past midnight. */
const LATE = `(at < @closedAt OR (at < @closedAt + ${DAY_MS} AND owner_seq <= @closedOwner))`;
const NAMED = ['service_class', 'queue', 'node', 'task_type'];

/** A dimension of a record as roll-ups have it: names and kinds as numbers. */
const numberOf = (dimension: string, from: string): string => {
	if (NAMED.includes(dimension)) return `coalesce((SELECT seq FROM usage_names WHERE name = ${from}.${dimension}), 0)`;
	if (dimension !== 'kind') return `${from}.${dimension}`;
	return `CASE ${from}.kind ${USAGE_KINDS.map((kind, i) => `WHEN '${kind}' THEN ${i}`).join(' ')} END`;
};
const numbersFrom = (from: string): string => DIMENSIONS.map((one) => `${numberOf(one, from)} AS ${one}`).join(', ');

const STARTS: Record<Grain, string> = {
	hour: `at - at % ${HOUR_MS}`,
	day: `at - at % ${DAY_MS}`,
	month: `unixepoch(at / 1000, 'unixepoch', 'start of month') * 1000`,
};

const COLUMNS = ['generation', 'cube', 'at', ...DIMENSIONS, ...SUMS].join(', ');
/** Adds what a question finds, which has the columns of a roll-up; its last part must not end with a table's name. */
const adding = (question: string): string =>
	`INSERT INTO usage_rollups (${COLUMNS}) ${question}
	 ON CONFLICT DO UPDATE SET ${SUMS.map((sum) => `${sum} = ${sum} + excluded.${sum}`).join(', ')}`;

/** What lies finer, summed as a cube has it. `from` has the columns `at`, dimensions and sums. */
const summedFor = ({ code, grain, without }: Cube, from: string): string => {
	const isKept = (dimension: string): boolean => !without.some((one) => one === dimension);
	const start = STARTS[grain];
	return `SELECT @generation, ${code}, ${start}, ${DIMENSIONS.map((one) => (isKept(one) ? one : '0')).join(', ')},
		   ${SUMS.map((sum) => `sum(${sum})`).join(', ')}
		 FROM ${from} GROUP BY ${[start, ...DIMENSIONS.filter(isKept)].join(', ')}`;
};
const addingTo = (cube: Cube, from: string): string => adding(summedFor(cube, from));

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
		   SELECT ${STARTS.hour} AS at, ${DIMENSIONS.join(', ')}, count(*) AS records,
		          sum(kind = 'attempt' AND attempt IS 1) AS tasks, ${SUMMED.map((sum) => `sum(${sum}) AS ${sum}`).join(', ')}
		   FROM usage_records WHERE ${PAGE} GROUP BY ${STARTS.hour}, ${DIMENSIONS.join(', ')}),
		 hours AS MATERIALIZED (SELECT at, ${numbersFrom('named')}, ${SUMS.join(', ')} FROM named)
		 ${adding(
				[
					`SELECT @generation, ${HOURS.code}, at, ${DIMENSIONS.join(', ')}, ${SUMS.join(', ')} FROM hours`,
					...WITH_EACH.map((cube) => summedFor(cube, 'hours')),
				].join(' UNION ALL '),
			)}`,
	);
	const isLate = db.prepare(`SELECT EXISTS (SELECT 1 FROM usage_records WHERE ${PAGE} AND ${LATE})`).pluck();
	const late = `(SELECT r.at, ${numbersFrom('r')}, 1 AS records, r.kind = 'attempt' AND r.attempt IS 1 AS tasks,
	                      ${SUMMED.join(', ')} FROM usage_records r WHERE ${PAGE} AND ${LATE})`;
	const addLate = [DAYS, ...COARSER].map((cube) => db.prepare(addingTo(cube, late)));
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

/** Adds the next hours of a day that is over to its days and months; false: no day is over that is not closed. */
const prepareClose = (db: Database) => {
	const hour = (order: 'ASC' | 'DESC') =>
		db
			.prepare(
				`SELECT at FROM usage_rollups WHERE generation = ? AND cube = ${HOURS.code} AND at >= ?
				 ORDER BY at ${order} LIMIT 1`,
			)
			.pluck();
	const [earliest, newest] = [hour('ASC'), hour('DESC')];
	const hours = '(SELECT value FROM json_each(@hours))';
	// People in order, as many as have that many roll-ups in one of the hours.
	const lastOf = db
		.prepare(
			`SELECT min(owner) FROM (SELECT (
			   SELECT owner_seq FROM usage_rollups WHERE generation = @generation AND cube = ${HOURS.code} AND at = h.value
			     AND owner_seq > @after ORDER BY owner_seq LIMIT 1 OFFSET @limit - 1) AS owner
			 FROM json_each(@hours) h)`,
		)
		.pluck();
	const people = 'owner_seq > @after AND owner_seq <= @upTo';
	const addDay = db.prepare(
		addingTo(
			DAYS,
			`usage_rollups WHERE generation = @generation AND cube = ${HOURS.code} AND at IN ${hours} AND ${people}`,
		),
	);
	// Each from the day's with the fewest rows that has what it needs.
	const addCoarser = COARSER.map((cube) => {
		const source = DAILY.find((day) => day !== cube && day.without.every((one) => cube.without.includes(one)))!;
		return db.prepare(
			addingTo(
				cube,
				`usage_rollups WHERE generation = @generation AND cube = ${source.code} AND at = @day AND ${people}`,
			),
		);
	});
	const advance = db.prepare('UPDATE usage_rollup_sets SET closed_at = ?, closed_owner = ? WHERE generation = ?');
	return ({ generation, closedAt, closedOwner }: RollupSet, limit: number): boolean => {
		const first = earliest.get(generation, closedAt) as number | undefined;
		if (first === undefined) return false;
		const [day, today] = [startOf('day', first), startOf('day', newest.get(generation, closedAt) as number)];
		if (day === today) {
			// So it stands where a set that is made anew will stand, whichever days have no records any more.
			if (closedAt < today) advance.run(today, NOBODY, generation);
			return false;
		}
		const after = day === closedAt ? closedOwner : NOBODY;
		const args = { generation, day, after, limit, hours: JSON.stringify(hoursOf(day)) };
		const last = lastOf.get(args) as number | null;
		const upTo = last ?? LAST_PERSON;
		for (const add of [addDay, ...addCoarser]) add.run({ ...args, upTo });
		if (last === null) advance.run(day + DAY_MS, NOBODY, generation);
		else advance.run(day, last, generation);
		return true;
	};
};

const hoursOf = (day: number): number[] => Array.from({ length: DAY_MS / HOUR_MS }, (_, i) => day + i * HOUR_MS);

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
 * Takes each set a step on with the days that are over, from their hours: at most so many roll-ups of each hour, and those
 * of one person more. True: there may be more.
 */
export const closeDays = writeOperation('accounting.close-days', (db) => {
	const sets = db.prepare(SETS);
	const close = prepareClose(db);
	return ({ limit }: { limit: number }): boolean => {
		let more = false;
		for (const set of sets.all() as RollupSet[]) more = close(set, limit) || more;
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
		.prepare(
			`SELECT coalesce((SELECT max(seq) FROM usage_records), 0) - folded_seq FROM usage_rollup_sets WHERE is_current = 1`,
		)
		.pluck();
	return (_: null) => select.get() as number;
});

export const FOLD_OPERATIONS = [foldUsage, closeDays, readUnfolded];
