import { CodedError } from '../../shared/coded-error.ts';
import { USAGE_KINDS, type UsageKind } from '../../shared/protocol/usage.ts';
import { readOperation, writeOperation } from '../database/operation.ts';
import { CURRENT_GENERATION } from './all-sums.ts';
import { CUBES, DIMENSIONS, type Grain, SUMS } from './rollup-cubes.ts';
import { adding, KEY, KIND_CODE, numbered, RECORD_SUMS, STARTS, summedFor } from './rollup-sql.ts';

/** The first of the month after the one that begins `@from`. */
const MONTH_END = `unixepoch(@from / 1000, 'unixepoch', 'start of month', '+1 month') * 1000`;

/** All roll-ups of the records from one number to another, added to a generation or taken away from it. */
const moving = (sign: '' | '-'): string => `
	WITH hours AS MATERIALIZED (
	  SELECT ${STARTS.hour} AS at, ${numbered('error')}, ${RECORD_SUMS.map((sum, i) => `${sum} AS ${SUMS[i]}`).join(', ')}
	  FROM usage_records WHERE seq > @after AND seq <= @last GROUP BY ${[STARTS.hour, ...DIMENSIONS].join(', ')})
	${adding(CUBES.map((cube) => summedFor(cube, 'hours', sign)).join(' UNION ALL '))}`;

/** `busy`: another set of sums is being made, and would have to be told. */
export type Forgotten = 'busy' | { records: number; done: boolean };

/**
 * Forgets the next records of days that were summed up. What they came to goes from the sums that are kept up into those of
 * generation 0, in the same transaction: at every moment both together are the sums of all that was ever metered, and the
 * first alone of the records that are there. Throws when the sums are not those of the records.
 */
export const forgetUsage = writeOperation('accounting.forget', (db) => {
	const others = db.prepare('SELECT 1 FROM usage_rollup_sets WHERE is_current = 0').pluck();
	const current = db.prepare(CURRENT_GENERATION).pluck();
	const from = db.prepare('SELECT to_seq FROM usage_forgotten').pluck();
	const to = db
		.prepare(
			`SELECT max(seq), count(*) FROM (SELECT seq FROM usage_records WHERE seq > @after
			   AND seq <= (SELECT last_seq FROM usage_purges ORDER BY day DESC LIMIT 1) ORDER BY seq LIMIT @limit)`,
		)
		.raw();
	const keep = db.prepare(moving(''));
	const take = db.prepare(`${moving('-')} RETURNING ${KEY.join(', ')}, records`);
	const key = KEY.map((column) => `${column} = @${column}`).join(' AND ');
	const drop = db.prepare(
		`DELETE FROM usage_rollups WHERE generation = @generation AND ${key} AND ${SUMS.map((sum) => `${sum} = 0`).join(' AND ')}`,
	);
	const advance = db.prepare('UPDATE usage_forgotten SET to_seq = ?');
	const remove = db.prepare('DELETE FROM usage_records WHERE seq > ? AND seq <= ?');
	return ({ limit }: { limit: number }): Forgotten => {
		if (others.get() !== undefined) return 'busy';
		const after = from.get() as number;
		const [last, records] = to.get({ after, limit }) as [number | null, number];
		if (last === null) return { records: 0, done: true };
		const generation = current.get() as number;
		keep.run({ generation: 0, after, last });
		for (const cell of take.all({ generation, after, last }) as Record<string, number>[]) {
			const { records: left, ...of } = cell;
			if (left! > 0) continue;
			if (drop.run({ generation, ...of }).changes === 0) {
				const message = 'The sums of usage are not those of its records: coordinator usage verify names the first.';
				throw new CodedError('wrong-state', message);
			}
		}
		advance.run(last);
		remove.run(after, last);
		return { records, done: records < limit };
	};
});

/** Sums of forgotten records that are not what was written down of them. */
export interface OddPurged {
	grain: Grain;
	at: number;
	/** 0: of everybody. */
	owner: number;
	kind: UsageKind;
}

/**
 * Compares the sums of records that are gone with what was written down when they went, a month and a kind of roll-up at a
 * time; null `next`: that was the last. What was written down and is still there counts with the former.
 */
export const comparePurged = readOperation('accounting.compare-purged', (db) => {
	const next = db
		.prepare(
			`SELECT min(at) FROM (
			   SELECT min(at) AS at FROM usage_rollups WHERE generation = 0 AND cube = @cube AND at >= @from
			   UNION ALL SELECT min(at) FROM usage_purged_sums WHERE at >= @from)`,
		)
		.pluck();
	const monthEnd = db.prepare(`SELECT ${MONTH_END}`).pluck();
	const sums = SUMS.map((sum) => `sum(${sum})`).join(', ');
	const sqlOf = ({ code, grain, without }: (typeof CUBES)[number]): string => {
		const bucket = STARTS[grain === 'month' ? 'month' : 'day'];
		const owner = without.includes('owner_seq') ? '0' : 'owner_seq';
		const within = 'at >= @from AND at < @to';
		return `SELECT at, owner, kind FROM (
		  SELECT ${bucket} AS at, owner_seq AS owner, kind, charged, ${SUMS.join(', ')}
		    FROM usage_rollups WHERE generation = 0 AND cube = ${code} AND ${within}
		  UNION ALL
		  SELECT ${bucket}, ${owner}, ${KIND_CODE}, charged, ${RECORD_SUMS.join(', ')} FROM usage_records
		    WHERE seq <= (SELECT last_seq FROM usage_purges ORDER BY day DESC LIMIT 1) AND ${within} GROUP BY 1, 2, 3, 4
		  UNION ALL
		  SELECT ${bucket}, ${owner}, kind, charged, ${SUMS.map((sum) => `-${sum}`).join(', ')}
		    FROM usage_purged_sums WHERE ${within})
		GROUP BY at, owner, kind, charged HAVING (${sums}) <> (${SUMS.map(() => 0).join(', ')}) ORDER BY 1, 2, 3 LIMIT 1`;
	};
	const statements = new Map(CUBES.map((cube) => [cube.code, { cube, odd: db.prepare(sqlOf(cube)) }]));
	const compare = ({
		cube: code,
		from,
	}: {
		cube: number;
		from: number;
	}): { next: number | null; odd: OddPurged | null } => {
		const { cube, odd } = statements.get(code)!;
		const first = next.get({ cube: code, from }) as number | null;
		if (first === null) return { next: null, odd: null };
		const to = monthEnd.get({ from: first }) as number;
		const row = odd.get({ from: first, to }) as { at: number; owner: number; kind: number } | undefined;
		if (!row) return { next: to, odd: null };
		return { next: null, odd: { ...row, grain: cube.grain, kind: USAGE_KINDS[row.kind]! } };
	};
	return db.transaction(compare);
});

export const FORGET_OPERATIONS = [forgetUsage, comparePurged];
