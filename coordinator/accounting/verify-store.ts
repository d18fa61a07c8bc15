import { USAGE_KINDS } from '../../shared/protocol/usage.ts';
import { readOperation } from '../database/operation.ts';
import { CURRENT_GENERATION } from './all-sums.ts';
import { Pricer } from './price.ts';
import { prepareBooks } from './price-store.ts';
import { CUBES, DIMENSIONS, SUMS } from './rollup-cubes.ts';
import { columnOf, USAGE_COLUMNS, type UsageRow } from './usage-record.ts';

/** Hours, days or months that are compared at once. */
const COMPARED = 24;

/** A roll-up that is not the sum of its records. */
export interface OddSum {
	grain: string;
	at: number;
	owner: number;
	type: string | null;
	kind: string;
	/** In the set that counts, and as summed anew; null: not there. */
	there: string | null;
	anew: string | null;
}

/** Compares the next roll-ups of a cube in the set that counts with those in another; null `next`: that was the last. */
export const compareRollups = readOperation('accounting.compare-rollups', (db) => {
	const current = db.prepare(CURRENT_GENERATION).pluck();
	const times = db
		.prepare(
			`SELECT DISTINCT at FROM usage_rollups WHERE generation IN (@current, @other) AND cube = @cube AND at > @after
			 ORDER BY at LIMIT ${COMPARED}`,
		)
		.pluck();
	const columns = ['cube', 'at', ...DIMENSIONS, ...SUMS].join(', ');
	const within = `SELECT ${columns} FROM usage_rollups WHERE generation = ? AND cube = ? AND at BETWEEN ? AND ?`;
	const differs = db.prepare(`${within} EXCEPT ${within} LIMIT 1`);
	const sums = `json_array(${SUMS.join(', ')})`;
	const key = ['cube', 'at', ...DIMENSIONS].map((one) => `${one} = @${one}`).join(' AND ');
	const sumsOf = db.prepare(`SELECT ${sums} FROM usage_rollups WHERE generation = @generation AND ${key}`).pluck();
	const nameOf = db.prepare('SELECT name FROM usage_names WHERE seq = ?').pluck();
	const compare = (args: {
		other: number;
		cube: number;
		after: number;
	}): { next: number | null; odd: OddSum | null } => {
		const { other, cube, after } = args;
		const generation = current.get() as number;
		const found = times.all({ current: generation, other, cube, after }) as number[];
		const [first, last] = [found[0], found.at(-1)];
		if (first === undefined || last === undefined) return { next: null, odd: null };
		const row = (differs.get(generation, cube, first, last, other, cube, first, last) ??
			differs.get(other, cube, first, last, generation, cube, first, last)) as Record<string, number> | undefined;
		if (!row) return { next: last, odd: null };
		const where = Object.fromEntries(['cube', 'at', ...DIMENSIONS].map((name) => [name, row[name]]));
		const odd: OddSum = {
			grain: CUBES.find(({ code }) => code === cube)!.grain,
			at: row.at!,
			owner: row.owner_seq!,
			type: (nameOf.get(row.task_type) as string | undefined) ?? null,
			kind: USAGE_KINDS[row.kind!]!,
			there: (sumsOf.get({ ...where, generation }) as string | undefined) ?? null,
			anew: (sumsOf.get({ ...where, generation: other }) as string | undefined) ?? null,
		};
		return { next: last, odd };
	};
	// One view of both sets: they stand at the same record in every one.
	return db.transaction(compare);
});

export interface OddAmount {
	seq: number;
	at: number;
	version: number;
	there: number;
	anew: number | null;
}

const PAGE = 5_000;
const AT = columnOf('at');
const VERSION = columnOf('price_version');
const AMOUNT = columnOf('amount_micro');

/** Works out the amounts of the next records again, by the prices that they were given; null `next`: those were the last. */
export const checkAmounts = readOperation('accounting.check-amounts', (db) => {
	const books = prepareBooks(db);
	const page = db
		.prepare(`SELECT seq, ${USAGE_COLUMNS.join(', ')} FROM usage_records WHERE seq > ? ORDER BY seq LIMIT ${PAGE}`)
		.raw();
	return ({ after }: { after: number }): { next: number | null; records: number; odd: OddAmount | null } => {
		const pricers = new Map(books().map((book) => [book.version, new Pricer(book)]));
		const rows = page.all(after) as [number, ...UsageRow][];
		for (const [seq, ...row] of rows) {
			const version = row[VERSION] as number | null;
			const there = row[AMOUNT] as number;
			if (version === null) {
				const isOdd = there !== 0 && row[columnOf('kind')] !== 'correction';
				if (isOdd) return { next: null, records: 0, odd: { seq, at: row[AT] as number, version: 0, there, anew: 0 } };
				continue;
			}
			const anew = pricers.get(version)?.amountOf(row) ?? null;
			if (anew !== there) return { next: null, records: 0, odd: { seq, at: row[AT] as number, version, there, anew } };
		}
		return { next: rows.length < PAGE ? null : rows.at(-1)![0], records: rows.length, odd: null };
	};
});

export const VERIFY_OPERATIONS = [compareRollups, checkAmounts];
