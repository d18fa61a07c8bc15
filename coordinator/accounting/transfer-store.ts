import type { Database } from 'better-sqlite3';
import { readOperation, writeOperation } from '../database/operation.ts';
import { monthOf } from './month.ts';
import { preparePriceRow } from './price-store.ts';
import { NOTHING_USED, OF_NO_TASK, prepareUsageRecord, usageRow } from './usage-record.ts';

/** Bytes that went in or out for a person; metered like attempts are. */
export interface Transfer {
	at: number;
	ownerSeq: number;
	kind: 'upload' | 'download';
	bytes: number;
	wallMs: number;
	/** The person's, as it is now. */
	serviceClass: string;
}

/** Meters a transfer inside somebody's transaction, by itself and in its month's sum. */
export const prepareTransferUsage = (db: Database): ((transfer: Transfer) => void) => {
	const insert = prepareUsageRecord(db);
	const price = preparePriceRow(db);
	const count = db.prepare(
		`INSERT INTO transfer_use VALUES (@ownerSeq, @month, @bytes)
		 ON CONFLICT (owner_seq, month) DO UPDATE SET bytes = bytes + excluded.bytes`,
	);
	return ({ at, ownerSeq, kind, bytes, wallMs, serviceClass }) => {
		count.run({ ownerSeq, month: monthOf(at).start, bytes });
		insert(
			price(
				usageRow({
					...{ ...NOTHING_USED, ...OF_NO_TASK, at, ownerSeq, kind, serviceClass, wallUs: Math.round(wallMs * 1_000) },
					[kind === 'upload' ? 'bytesIn' : 'bytesOut']: bytes,
				}),
			),
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

export const TRANSFER_OPERATIONS = [recordTransfer, readTransferred, readTransferredInLine];
