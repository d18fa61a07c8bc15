import type { Database } from 'better-sqlite3';
import { writeOperation } from '../database/operation.ts';
import { type RollupSet, SETS } from './fold-store.ts';
import { CUBES, type Cube, DAY_MS, HOUR_MS, startOf } from './rollup-cubes.ts';
import { adding, summedFor } from './rollup-sql.ts';

/** Before the first person. */
const NOBODY = -1;
const LAST_PERSON = Number.MAX_SAFE_INTEGER;

const HOURS = CUBES.find(({ grain }) => grain === 'hour')!;
const [DAYS, ...COARSER] = CUBES.filter(({ atOnce }) => !atOnce) as [Cube, ...Cube[]];
/** Days of which the rows of some people are these people's alone, those with the fewest rows first. */
const DAILY = CUBES.filter(({ grain, without }) => grain === 'day' && !without.includes('owner_seq')).reverse();

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
		adding(
			summedFor(
				DAYS,
				`usage_rollups WHERE generation = @generation AND cube = ${HOURS.code} AND at IN ${hours} AND ${people}`,
			),
		),
	);
	// Each from the day's with the fewest rows that has what it needs.
	const addCoarser = COARSER.map((cube) => {
		const source = DAILY.find((day) => day !== cube && day.without.every((one) => cube.without.includes(one)))!;
		return db.prepare(
			adding(
				summedFor(
					cube,
					`usage_rollups WHERE generation = @generation AND cube = ${source.code} AND at = @day AND ${people}`,
				),
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
