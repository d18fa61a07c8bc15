import type { Database } from 'better-sqlite3';
import { CodedError } from '../../shared/coded-error.ts';
import type { UsageCorrection } from '../../shared/protocol/usage.ts';
import { prepareAudit } from '../audit/audit-store.ts';
import type { Doer } from '../audit/doer.ts';
import { writeOperation } from '../database/operation.ts';
import { NOTHING_USED, OF_NO_TASK, prepareUsageRecord, usageRow } from './usage-record.ts';

/** By what a repeat of a request is known, and whose key it is. */
export interface CorrectionKey {
	bySeq: number;
	key: string;
	requestHash: Uint8Array;
}

/** Records that corrections with a key made, in the transaction that makes them. Throws `idempotency-mismatch`. */
const prepareKeys = (db: Database) => {
	const select = db.prepare(
		'SELECT request_hash AS hash, answer FROM idempotency_keys WHERE owner_seq = @bySeq AND key = @key',
	);
	const insert = db.prepare('INSERT INTO idempotency_keys VALUES (@bySeq, @key, @requestHash, @answer, @now)');
	return {
		find: (key: CorrectionKey | null): number | null => {
			const row = key && (select.get(key) as { hash: Buffer; answer: string } | undefined);
			if (!row) return null;
			if (!row.hash.equals(key.requestHash)) throw new CodedError('idempotency-mismatch');
			return JSON.parse(row.answer) as number;
		},
		remember: (key: CorrectionKey | null, record: number, now: number): void => {
			if (key) insert.run({ ...key, answer: JSON.stringify(record), now });
		},
	};
};

/** Adds or takes away from what somebody owes; gives the record's number. With a key that it bore before it is that one's. Throws `not-found`. */
export const addCorrection = writeOperation('accounting.add-correction', (db) => {
	const person = db.prepare('SELECT seq FROM users WHERE id = ?').pluck();
	const keys = prepareKeys(db);
	const insert = prepareUsageRecord(db);
	const note = db.prepare('INSERT INTO usage_corrections VALUES (@seq, @ownerSeq, @now, @amountMicro, @reason)');
	const audit = prepareAudit(db);
	return (args: UsageCorrection & { key: CorrectionKey | null; by: Doer; now: number }): number => {
		const { owner, amountMicro, reason, key, by, now } = args;
		const before = keys.find(key);
		if (before !== null) return before;
		const ownerSeq = person.get(owner) as number | undefined;
		if (ownerSeq === undefined) throw new CodedError('not-found', `There is no user ${owner}.`);
		const seq = insert(
			usageRow({ ...NOTHING_USED, ...OF_NO_TASK, at: now, ownerSeq, kind: 'correction', amountMicro }),
		);
		note.run({ seq, ownerSeq, now, amountMicro, reason });
		keys.remember(key, seq, now);
		audit({
			...{ at: now, ...by, action: 'usage.correct', object: owner, outcome: 'done' },
			detail: { record: seq, amountMicro, reason },
		});
		return seq;
	};
});

export const CORRECTION_OPERATIONS = [addCorrection];
