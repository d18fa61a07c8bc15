import type { Database } from 'better-sqlite3';
import { CodedError } from '../../shared/coded-error.ts';
import { readOperation } from '../database/operation.ts';
import type { Idempotency } from './idempotency.ts';

/**
 * What requests that bear a key made, by public ids, inside somebody's transaction. `find`: null when the request is new,
 * or bears none; throws `idempotency-mismatch`. `remember`: in the transaction that makes it.
 */
export const prepareAnswers = (db: Database) => {
	const select = db.prepare(
		'SELECT request_hash AS hash, answer FROM idempotency_keys WHERE owner_seq = ? AND key = ?',
	);
	const insert = db.prepare('INSERT INTO idempotency_keys VALUES (?, ?, ?, ?, ?)');
	return {
		find: (ownerSeq: number, idempotency: Idempotency | null): string[] | null => {
			if (idempotency === null) return null;
			const row = select.get(ownerSeq, idempotency.key) as { hash: Buffer; answer: string } | undefined;
			if (!row) return null;
			if (!row.hash.equals(idempotency.requestHash)) throw new CodedError('idempotency-mismatch');
			return JSON.parse(row.answer) as string[];
		},
		remember: (ownerSeq: number, idempotency: Idempotency | null, ids: readonly string[], now: number): void => {
			if (idempotency === null) return;
			insert.run(ownerSeq, idempotency.key, idempotency.requestHash, JSON.stringify(ids), now);
		},
	};
};

/** Asked before a request is checked: what was right when it was first sent need not be any more. */
export const findAnswer = readOperation('queue.find-answer', (db) => {
	const { find } = prepareAnswers(db);
	return (args: { ownerSeq: number; idempotency: Idempotency }) => find(args.ownerSeq, args.idempotency);
});
