import {
	columnOf,
	NOTHING_USED,
	OF_NO_TASK,
	prepareUsageRecord,
	type UsageColumn,
	usageRow,
} from '../../coordinator/accounting/usage-record.ts';
import { migrate } from '../../coordinator/database/migrate.ts';
import { openDatabase } from '../../coordinator/database/open.ts';
import { SeededRandom } from '../support/seeded-random.ts';

export const DAY_MS = 86_400_000;
export const YEAR_MS = 365 * DAY_MS;
export const FROM = Date.parse('2025-01-01T00:00:00Z');
const PEOPLE = 200;
const GROUPS = 20;
const CLASSES = 5;
const NODES = 50;
const TYPES = 12;
const QUEUES = 20;
/** Rows of one transaction. */
const AT_ONCE = 100_000;

/** batches: people submit work by the hundred, of one type, and any node takes it · scattered: no two records have anything in common */
export type Year = 'batches' | 'scattered';
const BATCH = { batches: 100, scattered: 1 } as const;

export const userOf = (n: number): string => `usr_${String(n).padStart(26, '0')}`;
export const nodeOf = (n: number): string => `nod_${String(n).padStart(26, '0')}`;

/** A new ledger with the first `rows` attempts of a year of `ofYear`: each person is in one class, each type goes to a queue or two. */
export const makeYear = (file: string, rows: number, ofYear: number, year: Year): void => {
	const db = openDatabase(file);
	try {
		migrate(db);
		db.exec(`WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < ${PEOPLE})
			INSERT INTO users (seq, id, username, username_key, password_hash, role, created_at)
			  SELECT i, 'usr_' || printf('%026d', i), 'person' || i, 'person' || i, '', 'user', 0 FROM n;
			INSERT INTO groups (seq, id, name, name_key, created_at)
			  SELECT seq, 'grp_' || seq, 'g' || seq, 'g' || seq, 0 FROM users WHERE seq <= ${GROUPS};
			INSERT INTO group_members SELECT seq % ${GROUPS} + 1, seq FROM users`);
		// Nobody relies on what is being made: each page is written once, to its place, and the index when all are there.
		db.pragma('journal_mode = MEMORY');
		db.pragma('synchronous = OFF');
		const [index] = db.prepare("SELECT sql FROM sqlite_schema WHERE name = 'usage_of_owner'").pluck().all() as string[];
		db.exec('DROP INDEX usage_of_owner');
		const record = prepareUsageRecord(db);
		const random = new SeededRandom(7);
		const pick = (n: number): number => Math.floor(random.next() * n);
		const nodes = Array.from({ length: NODES }, (_, n) => nodeOf(n));
		const types = Array.from({ length: TYPES }, (_, n) => `type-${n}`);
		const queues = Array.from({ length: QUEUES }, (_, n) => `queue-${n}`);
		const classes = Array.from({ length: CLASSES }, (_, n) => `class-${n}`);
		const row = [
			...usageRow({
				...{ ...NOTHING_USED, ...OF_NO_TASK, at: FROM, ownerSeq: 1, kind: 'attempt', attempt: 1 },
				...{ peakMemoryBytes: 1e8, measured: 'rusage' },
			}),
		];
		const set = (column: UsageColumn, value: number | string): void => {
			row[columnOf(column)] = value;
		};
		let [owner, type, queue] = [0, 0, 0];
		const insert = db.transaction((first: number) => {
			for (let i = first; i < Math.min(rows, first + AT_ONCE); i++) {
				if (i % BATCH[year] === 0) [owner, type, queue] = [pick(PEOPLE) + 1, pick(TYPES), pick(2)];
				set('at', FROM + Math.floor((i / ofYear) * YEAR_MS));
				set('owner_seq', owner);
				set('task_seq', i);
				set('node', nodes[pick(NODES)]!);
				set('task_type', types[type]!);
				set('queue', queues[(type + queue * TYPES) % QUEUES]!);
				set('service_class', classes[owner % CLASSES]!);
				set('wall_us', pick(9_000_000));
				set('user_us', pick(8_000_000));
				set('bytes_in', pick(1e7));
				set('bytes_out', pick(1e6));
				set('amount_micro', pick(5_000));
				record(row);
			}
		});
		for (let first = 0; first < rows; first += AT_ONCE) insert(first);
		db.exec(index!);
		db.pragma('journal_mode = WAL');
	} finally {
		db.close();
	}
};
