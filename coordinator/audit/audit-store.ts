import { randomBytes } from 'node:crypto';
import type { Database } from 'better-sqlite3';
import { writeOperation } from '../database/operation.ts';
import type { AuditEntry } from './audit-entry.ts';
import { CHAIN_START, type ChainedRow, canonicalJson, digestOf, hashRow } from './hash-chain.ts';

export type { AuditEntry } from './audit-entry.ts';

/** Longest text of one column, so that nobody fills the log with one request. Characters. */
const MOST_TEXT = 1_024;
const MOST_DETAIL = 16_384;

/** What SQLite will give back: half a surrogate pair has no UTF-8, and the hash must cover what is stored. */
const storable = (text: string): string => Buffer.from(text.slice(0, MOST_TEXT)).toString();

/**
 * Appends to the log inside somebody's transaction. The end of the chain is read from the table each time: a savepoint
 * that is rolled back takes its rows with it, and then the row before is the last again. Answers the entry's number.
 */
export const prepareAudit = (db: Database): ((entry: AuditEntry) => number) => {
	const lastHash = db.prepare('SELECT hash FROM audit_log ORDER BY seq DESC LIMIT 1').pluck();
	const lastSeq = db.prepare(`SELECT seq FROM sqlite_sequence WHERE name = 'audit_log'`).pluck();
	const insert = db.prepare(
		`INSERT INTO audit_log VALUES (@seq, @at, @actor, @action, @object, @outcome, @address, @detail, @salt, @digest, NULL,
		   @previous, @hash)`,
	);
	return (entry) => {
		const previous = (lastHash.get() as Buffer | undefined) ?? CHAIN_START;
		const detail = canonicalJson(entry.detail);
		const row: ChainedRow = {
			seq: ((lastSeq.get() as number | undefined) ?? 0) + 1,
			at: entry.at,
			actor: storable(entry.actor),
			action: storable(entry.action),
			object: storable(entry.object),
			outcome: entry.outcome,
			address: storable(entry.address),
			detail: detail.length > MOST_DETAIL ? '{"cut":true}' : detail,
		};
		const salt = randomBytes(16);
		const digest = digestOf(salt, row);
		insert.run({ ...row, salt, digest, previous, hash: hashRow(previous, row, digest) });
		return row.seq;
	};
};

/** What the newest entry of an act on an object tells besides; nothing when there is none. */
export const prepareDetailOf = (db: Database): ((action: string, object: string) => AuditEntry['detail']) => {
	const select = db
		.prepare(
			'SELECT detail FROM audit_log INDEXED BY audit_by_object WHERE object = ? AND action = ? ORDER BY seq DESC LIMIT 1',
		)
		.pluck();
	return (action, object) => JSON.parse((select.get(object, action) as string | undefined) ?? '{}');
};

export const recordAudit = writeOperation('audit.record', (db) => {
	const audit = prepareAudit(db);
	return (entries: readonly AuditEntry[]): void => {
		for (const entry of entries) audit(entry);
	};
});
