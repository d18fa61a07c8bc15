import { ACCOUNTING_OPERATIONS } from '../../coordinator/accounting/operations.ts';
import { foldUsage } from '../../coordinator/accounting/rollup-store.ts';
import { Rollups } from '../../coordinator/accounting/rollups.ts';
import { UsageCuts } from '../../coordinator/accounting/usage-cuts.ts';
import { NOTHING_USED, OF_NO_TASK, prepareUsageRecord, usageRow } from '../../coordinator/accounting/usage-record.ts';
import { InlineLedger } from '../../coordinator/database/inline-ledger.ts';
import { migrate } from '../../coordinator/database/migrate.ts';
import { openDatabase } from '../../coordinator/database/open.ts';
import { CUT_BY, type UsageCutQuery } from '../../shared/protocol/usage.ts';
import { SeededRandom } from '../support/seeded-random.ts';
import { TempFolder } from '../support/temp-folder.ts';
import type { Benchmark, Figure } from './figure.ts';

const ROWS = 10_000_000;
const DAY_MS = 86_400_000;
const YEAR_MS = 365 * DAY_MS;
const FROM = Date.parse('2025-01-01T00:00:00Z');
const PEOPLE = 200;
const NODES = 50;
const TYPES = 10;
const PAGE = 1_000;

const userOf = (n: number): string => `usr_${String(n).padStart(26, '0')}`;
const nodeOf = (n: number): string => `nod_${String(n).padStart(26, '0')}`;

/** A year of attempts: each person is in one of five classes, each type goes to one of three queues, any node takes it. */
const fill = (file: string, rows: number): number => {
	const db = openDatabase(file);
	try {
		migrate(db);
		db.pragma('synchronous = OFF');
		const person = db.prepare(
			`INSERT INTO users (seq, id, username, username_key, password_hash, role, created_at) VALUES (?, ?, ?, ?, '', 'user', 0)`,
		);
		for (let n = 1; n <= PEOPLE; n++) person.run(n, userOf(n), `person${n}`, `person${n}`);
		db.exec(`INSERT INTO groups (seq, id, name, name_key, created_at)
		           SELECT seq, 'grp_' || seq, 'g' || seq, 'g' || seq, 0 FROM users WHERE seq <= 20;
		         INSERT INTO group_members SELECT seq % 20 + 1, seq FROM users`);
		const record = prepareUsageRecord(db);
		const fold = foldUsage.prepare(db);
		const random = new SeededRandom(7);
		const pick = (n: number): number => Math.floor(random.next() * n);
		let folded = 0;
		const insert = db.transaction((first: number) => {
			for (let i = first; i < Math.min(rows, first + PAGE); i++) {
				const ownerSeq = pick(PEOPLE) + 1;
				const type = pick(TYPES);
				record(
					usageRow({
						...{
							...NOTHING_USED,
							...OF_NO_TASK,
							at: FROM + Math.floor((i / rows) * YEAR_MS),
							ownerSeq,
							kind: 'attempt',
						},
						...{
							taskSeq: i,
							attempt: 1,
							node: nodeOf(pick(NODES)),
							taskType: `type-${type}`,
							queue: `queue-${type % 3}`,
						},
						...{ serviceClass: `class-${ownerSeq % 5}`, wallUs: pick(9_000_000), userUs: pick(8_000_000) },
						...{ peakMemoryBytes: 1e8, bytesIn: pick(1e7), bytesOut: pick(1e6), amountMicro: pick(5_000) },
					}),
				);
			}
		});
		const sum = db.transaction(() => fold({ limit: PAGE }));
		for (let first = 0; first < rows; first += PAGE) {
			insert(first);
			const startedAt = performance.now();
			sum();
			folded += performance.now() - startedAt;
			if (first % 1_000_000 === 0) db.pragma('wal_checkpoint(PASSIVE)');
		}
		db.pragma('wal_checkpoint(TRUNCATE)');
		return folded;
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

const questions = (): UsageCutQuery[] =>
	CUT_BY.flatMap((by): UsageCutQuery[] => {
		if (by === 'hour')
			return [
				{ ...plain, by, ...month },
				{ ...plain, by, ...month, ...whose, ...where },
			];
		const narrowed = [
			{},
			whose,
			where,
			{ ...whose, ...where, type: 'type-3' },
			{ group: 'grp_3' },
			{ class: 'class-2' },
		];
		return [year, odd].flatMap((period) => narrowed.map((more) => ({ ...plain, by, ...period, ...more })));
	});

/** Ten million metered facts in a year: what it costs to take one into the sums, and how long a cut of them takes. */
export const usageCuts: Benchmark = {
	name: 'usage',
	title: 'cuts of a year of usage',
	async run({ scale }): Promise<Figure[]> {
		await using folder = new TempFolder();
		const file = folder.join('ledger.db');
		const rows = Math.round(ROWS * scale);
		const folded = fill(file, rows);
		await using ledger = new InlineLedger({ file, operations: ACCOUNTING_OPERATIONS });
		const cuts = new UsageCuts({ ledger, rollups: new Rollups({ ledger }) });
		let slowest = { ms: 0, query: {} };
		let sum = 0;
		const asked = questions();
		for (const query of asked) {
			const startedAt = performance.now();
			const cut = await cuts.cut(query);
			const ms = performance.now() - startedAt;
			if (cut.total.records === 0) throw new Error(`nothing was found: ${JSON.stringify(query)}`);
			sum += ms;
			if (ms > slowest.ms) slowest = { ms, query };
		}
		console.error(`the slowest was ${JSON.stringify(slowest.query)}`);
		return [
			{ what: 'taking a record into its sums', unit: 'us', value: (folded / rows) * 1_000 },
			{ what: `a cut, the mean of ${asked.length}`, unit: 'ms', value: sum / asked.length },
			{ what: 'a cut, the slowest', unit: 'ms', value: slowest.ms, bar: { most: 1_000 } },
		];
	},
};
