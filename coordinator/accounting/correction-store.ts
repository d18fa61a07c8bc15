import type { Database } from 'better-sqlite3';
import { CodedError } from '../../shared/coded-error.ts';
import type { OwnCorrection, UsageCorrection } from '../../shared/protocol/usage.ts';
import { prepareAudit } from '../audit/audit-store.ts';
import type { Doer } from '../audit/doer.ts';
import { readOperation, writeOperation } from '../database/operation.ts';
import { preparePersonOf, preparePersonSeq } from './people.ts';
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

/** Whose amount was corrected by a record. */
export interface Corrected {
	record: number;
	ownerSeq: number;
	owner: string;
	name: string | null;
	amountMicro: number;
}

/** Adds or takes away from what somebody owes. With a key that it bore before it is what that one did. Throws `not-found`. */
export const addCorrection = writeOperation('accounting.add-correction', (db) => {
	const personSeq = preparePersonSeq(db);
	const personOf = preparePersonOf(db);
	const made = db.prepare(
		'SELECT owner_seq AS ownerSeq, amount_micro AS amountMicro FROM usage_corrections WHERE seq = ?',
	);
	const keys = prepareKeys(db);
	const insert = prepareUsageRecord(db);
	const note = db.prepare('INSERT INTO usage_corrections VALUES (@seq, @ownerSeq, @now, @amountMicro, @reason)');
	const audit = prepareAudit(db);
	return (args: UsageCorrection & { key: CorrectionKey | null; by: Doer; now: number }): Corrected => {
		const { amountMicro, reason, key, by, now } = args;
		const before = keys.find(key);
		const told = (record: number): Corrected => {
			const { ownerSeq, amountMicro } = made.get(record) as { ownerSeq: number; amountMicro: number };
			const { key: owner, name } = personOf(ownerSeq);
			return { record, ownerSeq, owner: owner!, name, amountMicro };
		};
		// Whom the first one meant, whoever bears that name by now.
		if (before !== null) return told(before);
		const ownerSeq = personSeq(args.owner);
		const { key: owner, name } = personOf(ownerSeq);
		// Of somebody who is gone no reason is kept.
		if (owner === null || name === null) throw new CodedError('not-found', `${args.owner} was deleted.`);
		const seq = insert(
			usageRow({ ...NOTHING_USED, ...OF_NO_TASK, at: now, ownerSeq, kind: 'correction', amountMicro }),
		);
		note.run({ seq, ownerSeq, now, amountMicro, reason });
		keys.remember(key, seq, now);
		audit({
			...{ at: now, ...by, action: 'usage.correct', object: owner, outcome: 'done' },
			detail: { record: seq, amountMicro, reason },
		});
		return told(seq);
	};
});

const MOST_TOLD = 100;

/** What of somebody's was corrected in that time and why, the newest first. */
export const readOwnCorrections = readOperation('accounting.read-own-corrections', (db) => {
	const select = db.prepare(
		`SELECT seq AS record, at, amount_micro AS amountMicro, reason FROM usage_corrections
		 WHERE owner_seq = @ownerSeq AND at >= @from AND at < @to ORDER BY at DESC, seq DESC LIMIT ${MOST_TOLD}`,
	);
	return (args: { ownerSeq: number; from: number; to: number }) =>
		select.all(args) as (Omit<OwnCorrection, 'at'> & { at: number })[];
});

export const CORRECTION_OPERATIONS = [addCorrection, readOwnCorrections];
