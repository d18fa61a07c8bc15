import type { Database } from 'better-sqlite3';
import { readOperation, writeOperation } from '../database/operation.ts';
import { monthOf } from './month.ts';
import { NOTHING_USED, OF_NO_TASK, prepareUsageRecord, usageRow } from './usage-record.ts';

/** Bytes that went in or out for a person; metered like attempts are. */
export interface Transfer {
	at: number;
	ownerSeq: number;
	kind: 'upload' | 'download';
	bytes: number;
	wallMs: number;
}

/** Meters a transfer inside somebody's transaction, by itself and in its month's sum. */
export const prepareTransferUsage = (db: Database): ((transfer: Transfer) => void) => {
	const insert = prepareUsageRecord(db);
	const count = db.prepare(
		`INSERT INTO transfer_use VALUES (@ownerSeq, @month, @bytes)
		 ON CONFLICT (owner_seq, month) DO UPDATE SET bytes = bytes + excluded.bytes`,
	);
	return ({ at, ownerSeq, kind, bytes, wallMs }) => {
		count.run({ ownerSeq, month: monthOf(at).start, bytes });
		insert(
			usageRow({
				...{ ...NOTHING_USED, ...OF_NO_TASK, at, ownerSeq, kind, wallUs: Math.round(wallMs * 1_000) },
				[kind === 'upload' ? 'bytesIn' : 'bytesOut']: bytes,
			}),
		);
	};
};

export const recordTransfer = writeOperation('accounting.record-transfer', (db) => prepareTransferUsage(db));

const prepareTransferred = (db: Database) => {
	const select = db.prepare('SELECT bytes FROM transfer_use WHERE owner_seq = ? AND month = ?').pluck();
	return (args: { ownerSeq: number; month: number }): number =>
		(select.get(args.ownerSeq, args.month) as number | undefined) ?? 0;
};

/** Bytes that went in and out for a person in the month that begins then. */
export const readTransferred = readOperation('accounting.read-transferred', prepareTransferred);

/** The same in the writer's line: when it answers, all that was metered before has been acknowledged. */
export const readTransferredInLine = writeOperation('accounting.read-transferred-in-line', prepareTransferred);

export interface UsageRow {
	/** Start of the day in UTC, milliseconds since 1970. */
	day: number;
	/** A task type's name, `upload` or `download`. */
	what: string;
	tasks: number;
	cpuMs: number;
	wallMs: number;
	bytesIn: number;
	bytesOut: number;
}

/** What one person is charged for, by day and kind of work, from one walk over the records of the period. */
export const readUsage = readOperation('accounting.read-usage', (db) => {
	const select = db.prepare(
		`SELECT (u.at / 86400000) * 86400000 AS day, coalesce(u.task_type, u.kind) AS what,
		        count(DISTINCT u.task_seq) AS tasks, sum(u.user_us + u.system_us) / 1000.0 AS cpuMs,
		        sum(u.wall_us) / 1000.0 AS wallMs,
		        sum(u.bytes_in) AS bytesIn, sum(u.bytes_out) AS bytesOut
		 FROM usage_records u
		 WHERE u.owner_seq = @ownerSeq AND u.at >= @from AND u.at < @to AND u.charged = 1
		 GROUP BY day, what ORDER BY day, what`,
	);
	return (args: { ownerSeq: number; from: number; to: number }) => select.all(args) as UsageRow[];
});

export const ACCOUNTING_OPERATIONS = [recordTransfer, readTransferred, readTransferredInLine, readUsage];
