import type { Database } from 'better-sqlite3';
import type { Json } from '../../shared/protocol/json.ts';
import { readOperation, writeOperation } from '../database/operation.ts';
import type { AuditEntry, AuditFilter, AuditRow } from './audit-entry.ts';
import { CHAIN_START, canonicalJson, type HashedColumns, hashRow } from './hash-chain.ts';

export type { AuditEntry } from './audit-entry.ts';

/** Longest text of one column, so that nobody fills the log with one request. Characters. */
const MOST_TEXT = 1_024;
const MOST_DETAIL = 16_384;
/** Rows that one page of a filtered list looks at, so that a rare filter does not hold a reader for long. */
const SCANNED_AT_ONCE = 1_000_000;

/** What SQLite will give back: half a surrogate pair has no UTF-8, and the hash must cover what is stored. */
const storable = (text: string): string => Buffer.from(text.slice(0, MOST_TEXT)).toString();

/**
 * Appends to the log inside somebody's transaction. The end of the chain is read from the table each time: a savepoint
 * that is rolled back takes its rows with it, and then the row before is the last again.
 */
export const prepareAudit = (db: Database): ((entry: AuditEntry) => void) => {
	const lastHash = db.prepare('SELECT hash FROM audit_log ORDER BY seq DESC LIMIT 1').pluck();
	const lastSeq = db.prepare(`SELECT seq FROM sqlite_sequence WHERE name = 'audit_log'`).pluck();
	const insert = db.prepare('INSERT INTO audit_log VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)');
	return (entry) => {
		const previous = (lastHash.get() as Buffer | undefined) ?? CHAIN_START;
		const detail = canonicalJson(entry.detail);
		const columns: HashedColumns = [
			((lastSeq.get() as number | undefined) ?? 0) + 1,
			entry.at,
			storable(entry.actor),
			storable(entry.action),
			storable(entry.object),
			entry.outcome,
			storable(entry.address),
			detail.length > MOST_DETAIL ? '{"cut":true}' : detail,
		];
		insert.run(...columns, previous, hashRow(previous, columns));
	};
};

export const recordAudit = writeOperation('audit.record', (db) => {
	const audit = prepareAudit(db);
	return (entries: readonly AuditEntry[]): void => {
		for (const entry of entries) audit(entry);
	};
});

interface StoredRow {
	seq: number;
	at: number;
	actor: string;
	action: string;
	object: string;
	outcome: 'done' | 'refused';
	address: string;
	detail: string;
	previous: Buffer;
	hash: Buffer;
}

/** A page, newest first. `next` is where the following page begins, or null; a page may be short and yet have a next. */
export const listAudit = readOperation('audit.list', (db) => {
	const newest = db.prepare('SELECT coalesce(max(seq), 0) FROM audit_log').pluck();
	const select = db.prepare(
		`SELECT * FROM audit_log
		 WHERE seq < @before AND seq >= @floor
		   AND (@actor IS NULL OR actor = @actor) AND (@action IS NULL OR action = @action)
		   AND (@object IS NULL OR object = @object) AND (@outcome IS NULL OR outcome = @outcome)
		   AND (@from IS NULL OR at >= @from) AND (@to IS NULL OR at < @to)
		 ORDER BY seq DESC LIMIT @limit`,
	);
	return (args: { filter: AuditFilter; before: number | null; limit: number; scan?: number }) => {
		const before = args.before ?? (newest.get() as number) + 1;
		const floor = Math.max(1, before - (args.scan ?? SCANNED_AT_ONCE));
		const { actor = null, action = null, object = null, outcome = null, from = null, to = null } = args.filter;
		const rows = select.all({
			before,
			floor,
			actor,
			action,
			object,
			outcome,
			from,
			to,
			limit: args.limit,
		}) as StoredRow[];
		const items = rows.map(
			({ previous: _, hash, detail, ...row }): AuditRow => ({
				...row,
				detail: JSON.parse(detail) as Record<string, Json>,
				hash: hash.toString('hex'),
			}),
		);
		if (items.length === args.limit) return { items, next: items.at(-1)!.seq };
		return { items, next: floor > 1 ? floor : null };
	};
});

/** Where a verification stands: the rows up to `seq` are good, and the last of them has this hash. */
export interface VerifiedSoFar {
	seq: number;
	hash: Uint8Array;
	/** Number of the first row that is not what was written. */
	firstBad: number | null;
	done: boolean;
}

/** Checks the next rows of the chain; at its end also that none was cut off there. */
export const verifyAuditPage = readOperation('audit.verify-page', (db) => {
	const page = db.prepare('SELECT * FROM audit_log WHERE seq > ? ORDER BY seq LIMIT ?');
	const lastSeq = db.prepare(`SELECT seq FROM sqlite_sequence WHERE name = 'audit_log'`).pluck();
	const check = (args: { seq: number; hash: Uint8Array; limit: number }): VerifiedSoFar => {
		const rows = page.all(args.seq, args.limit) as StoredRow[];
		let previous = args.hash;
		let seq = args.seq;
		for (const row of rows) {
			const { at, actor, action, object, outcome, address, detail } = row;
			const hash = hashRow(previous, [row.seq, at, actor, action, object, outcome, address, detail]);
			const good = row.seq === seq + 1 && row.previous.equals(previous) && row.hash.equals(hash);
			if (!good) return { seq, hash: previous, firstBad: seq + 1, done: true };
			previous = hash;
			seq = row.seq;
		}
		const done = rows.length < args.limit;
		const cut = done && ((lastSeq.get() as number | undefined) ?? 0) !== seq;
		return { seq, hash: previous, firstBad: cut ? seq + 1 : null, done };
	};
	// One view for both statements: a row that is appended in between is not a gap.
	return db.transaction(check);
});
