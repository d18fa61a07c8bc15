import { closeDays } from '../../coordinator/accounting/close-store.ts';
import { foldUsage } from '../../coordinator/accounting/fold-store.ts';
import { ACCOUNTING_OPERATIONS } from '../../coordinator/accounting/operations.ts';
import { PriceBooks } from '../../coordinator/accounting/price-books.ts';
import { Rollups } from '../../coordinator/accounting/rollups.ts';
import { UsageCuts } from '../../coordinator/accounting/usage-cuts.ts';
import { InlineLedger } from '../../coordinator/database/inline-ledger.ts';
import { openDatabase } from '../../coordinator/database/open.ts';
import { CUT_BY, type UsageCutQuery } from '../../shared/protocol/usage.ts';
import { TempFolder } from '../support/temp-folder.ts';
import type { Benchmark, Figure } from './figure.ts';
import { DAY_MS, FROM, makeYear, nodeOf, userOf, YEAR_MS, type Year } from './usage-year.ts';

const ROWS = 10_000_000;
/** Of records that have nothing in common nobody has so many; what they cost shows with two months of such a year. */
const SCATTERED_ROWS = ROWS / 6;
/** As much as rollups.ts folds at once. */
const PAGE = 2_000;
const CLOSED_AT_ONCE = 150;
/** So many transactions between two checkpoints, as the ledger's thread plans them by size. */
const CHECKPOINT_EVERY = 50;

interface Folded {
	foldMs: number;
	/** The longest that the writer was held by one step. */
	longestMs: number;
}

/** Takes all records into their sums, as the coordinator does it behind settlements. */
const fold = (file: string): Folded => {
	const db = openDatabase(file);
	try {
		// What waits for the disk is not what it costs.
		db.pragma('synchronous = OFF');
		const steps = [foldUsage.prepare(db), closeDays.prepare(db)] as const;
		let [foldMs, longestMs, transactions] = [0, 0, 0];
		const step = (one: () => boolean): boolean => {
			const startedAt = performance.now();
			const more = db.transaction(one)();
			const ms = performance.now() - startedAt;
			foldMs += ms;
			longestMs = Math.max(longestMs, ms);
			transactions += 1;
			if (transactions % CHECKPOINT_EVERY === 0) db.pragma('wal_checkpoint(TRUNCATE)');
			return more;
		};
		while (step(() => steps[0]({ limit: PAGE }))) while (step(() => steps[1]({ limit: CLOSED_AT_ONCE })));
		while (step(() => steps[1]({ limit: CLOSED_AT_ONCE })));
		db.pragma('wal_checkpoint(TRUNCATE)');
		return { foldMs, longestMs };
	} finally {
		db.close();
	}
};

const at = (ms: number): string => new Date(ms).toISOString();
const year = { from: at(FROM), to: at(FROM + YEAR_MS) };
/** As administrators ask: a year, and odd ends so that months, days and hours are all read. */
const odd = { from: at(FROM + 5 * DAY_MS + 5 * 3_600_000), to: at(FROM + 360 * DAY_MS + 3_600_000) };
const month = { from: at(FROM + 40 * DAY_MS), to: at(FROM + 71 * DAY_MS) };
const plain = { zone: 'Z', limit: 1_000 };
const whose = { owner: userOf(7) };
const where = { node: nodeOf(7) };

const NARROWED: readonly Partial<UsageCutQuery>[] = [
	{},
	whose,
	where,
	{ ...whose, ...where, type: 'type-3' },
	{ group: 'grp_3' },
	{ group: 'grp_3', ...where },
	{ class: 'class-2' },
	{ queue: 'queue-3', type: 'type-3' },
];

const questions = (): UsageCutQuery[] =>
	CUT_BY.flatMap((by): UsageCutQuery[] => {
		const fine = NARROWED.map((more) => ({ ...plain, by, ...month, ...more }));
		if (by === 'hour') return fine;
		// By days of a group on one node a month at most.
		const isLong = (more: object) => !(by === 'day' && 'group' in more && 'node' in more);
		const long = [year, odd].flatMap((period) =>
			NARROWED.filter(isLong).map((more) => ({ ...plain, by, ...period, ...more })),
		);
		return by === 'day' ? [...long, ...fine.map((one) => ({ ...one, zone: '+02:00' }))] : long;
	});

/** The slowest and the mean of all cuts. */
const cut = async (file: string): Promise<{ meanMs: number; slowestMs: number; count: number }> => {
	await using ledger = new InlineLedger({ file, operations: ACCOUNTING_OPERATIONS });
	const cuts = new UsageCuts({ ledger, rollups: new Rollups({ ledger }), prices: new PriceBooks({ ledger }) });
	const took: [ms: number, query: UsageCutQuery][] = [];
	let found = 0;
	for (const query of questions()) {
		const startedAt = performance.now();
		found += (await cuts.cut(query)).total.records;
		took.push([performance.now() - startedAt, query]);
	}
	if (found === 0) throw new Error('nothing was found');
	took.sort(([a], [b]) => b - a);
	for (const [ms, query] of took.slice(0, 5)) console.error(`${ms.toFixed(0)} ms: ${JSON.stringify(query)}`);
	const sum = took.reduce((total, [ms]) => total + ms, 0);
	return { meanMs: sum / took.length, slowestMs: took[0]![0], count: took.length };
};

const measure = async (rows: number, kind: Year): Promise<Figure[]> => {
	await using folder = new TempFolder();
	const file = folder.join('ledger.db');
	makeYear(file, rows, ROWS, kind);
	const { foldMs, longestMs } = fold(file);
	const { meanMs, slowestMs, count } = await cut(file);
	const of = `, ${(rows / 1e6).toFixed(1)} M ${kind === 'batches' ? 'rows' : 'rows with nothing in common'}`;
	const isReal = kind === 'batches';
	return [
		{
			...{ what: `taking a record into its sums${of}`, unit: 'us', value: (foldMs / rows) * 1_000 },
			...(isReal ? { bar: { most: 15 } } : {}),
		},
		{ what: `the longest step of that${of}`, unit: 'ms', value: longestMs },
		{ what: `a cut, the mean of ${count}${of}`, unit: 'ms', value: meanMs },
		{ what: `a cut, the slowest${of}`, unit: 'ms', value: slowestMs, bar: { most: 1_000 } },
	];
};

/** Ten million metered facts in a year: what it costs to take one into the sums, and how long a cut of them takes. */
export const usageCuts: Benchmark = {
	name: 'usage',
	title: 'cuts of a year of usage',
	async run({ scale }): Promise<Figure[]> {
		const real = await measure(Math.round(ROWS * scale), 'batches');
		return [...real, ...(await measure(Math.round(SCATTERED_ROWS * scale), 'scattered'))];
	},
};
