import type { Database } from 'better-sqlite3';
import type { Manifest } from '../../shared/protocol/task-type.ts';
import { USAGE_KINDS } from '../../shared/protocol/usage.ts';
import { ALL_SUMS } from '../accounting/all-sums.ts';
import { monthOf } from '../accounting/month.ts';
import { preparePriceRow } from '../accounting/price-store.ts';
import { MONTHS_OF_ALL } from '../accounting/rollup-cubes.ts';
import { columnOf, OF_NO_TASK, usageRow } from '../accounting/usage-record.ts';
import { EXPECTED, type Expected, expectUsage, type History } from './expect-usage.ts';

/** What a task is expected to use and to cost; null: nothing has a price. */
export interface TaskEstimate extends Expected {
	amountMicro: number | null;
}

/** Expected of a task of this type, whose class pays what that class pays. */
export type EstimateTask = (typeSeq: number, serviceClass: string) => TaskEstimate;

/** A mean changes slowly, and is asked for with each task that is made. */
const KNOWN_FOR_MS = 10_000;
const MOST_KNOWN = 1_000;

const AMOUNT = columnOf('amount_micro');
const VERSION = columnOf('price_version');
const COLUMN = (name: string): string => name.replace(/[A-Z]/g, (capital) => `_${capital.toLowerCase()}`);

/** By what the type's attempts of this month and the one before came to; for the time of one call. */
export const prepareEstimates = (db: Database): ((now: number) => EstimateTask) => {
	const typeOf = db.prepare('SELECT name, manifest FROM task_types WHERE seq = ?');
	const history = db.prepare(
		`SELECT coalesce(sum(tasks), 0) AS tasks,
		   ${EXPECTED.map((name) => `coalesce(sum(${COLUMN(name)}), 0) AS ${name}`).join(', ')}
		 FROM usage_rollups WHERE generation IN ${ALL_SUMS}
		   AND cube = ${MONTHS_OF_ALL.code} AND at IN (@month, @before) AND owner_seq = 0
		   AND task_type = (SELECT seq FROM usage_names WHERE name = @type)
		   AND kind = ${USAGE_KINDS.indexOf('attempt')} AND charged = 1`,
	);
	const price = preparePriceRow(db);
	// Derived from what is there and soon forgotten: should the transaction be undone, a mean is a little off for a moment.
	const known = new Map<number, { until: number; expected: Expected }>();

	const expect = (typeSeq: number, now: number): Expected => {
		const before = known.get(typeSeq);
		if (before && now < before.until && now >= before.until - KNOWN_FOR_MS) return before.expected;
		const { name, manifest } = typeOf.get(typeSeq) as { name: string; manifest: string };
		const { needs, limits } = JSON.parse(manifest) as Manifest;
		const devices = Object.values(needs.hardware).reduce((sum, count) => sum + count, 0);
		const month = monthOf(now).start;
		const sums = history.get({ month, before: monthOf(month - 1).start, type: name }) as History;
		const expected = expectUsage(sums, { hardMs: limits.hardMs, devices });
		if (known.size >= MOST_KNOWN) known.clear();
		known.set(typeSeq, { until: now + KNOWN_FOR_MS, expected });
		return expected;
	};

	return (now) => {
		const estimates = new Map<string, TaskEstimate>();
		return (typeSeq, serviceClass) => {
			const key = `${typeSeq} ${serviceClass}`;
			let estimate = estimates.get(key);
			if (!estimate) {
				const expected = expect(typeSeq, now);
				const fact = { ...OF_NO_TASK, at: now, ownerSeq: 0, kind: 'attempt' as const, serviceClass };
				const row = price(usageRow({ ...fact, ...expected.quantities }));
				estimate = { ...expected, amountMicro: row[VERSION] === null ? null : (row[AMOUNT] as number) };
				estimates.set(key, estimate);
			}
			return estimate;
		};
	};
};
