import type { Json } from '../../shared/protocol/json.ts';
import { readOperation } from '../database/operation.ts';
import { digestOf, hashRow, lastingObject } from './hash-chain.ts';
import type { StoredRow } from './stored-row.ts';

/** Where a verification stands: the rows up to `seq` are good, and the last of them has this hash. */
export interface VerifiedSoFar {
	seq: number;
	hash: Uint8Array;
	/** Number of the first row that is not what was written. */
	firstBad: number | null;
	done: boolean;
	/** Of the page: which entries blanked rows name, and how often. */
	blanked: [by: number, rows: number][];
	/** Of the page: deletions that began, and how many rows those that ended say that they blanked. */
	begun: number[];
	ended: [begun: number, rows: number][];
}

/** Only a deletion may blank: the first is its beginning, which blanked rows name; the second its end, with their number. */
export const DELETION_BEGUN = 'user.delete';
export const DELETION_ENDED = 'user.erase';

const isDigestGood = (row: StoredRow): boolean =>
	row.salt === null
		? row.address === '' && row.detail === '{}' && row.object === lastingObject(row.object)
		: row.digest.equals(digestOf(row.salt, row));

/** Checks the next rows of the chain; at its end also that none was cut off there. */
export const verifyAuditPage = readOperation('audit.verify-page', (db) => {
	const page = db.prepare('SELECT * FROM audit_log WHERE seq > ? ORDER BY seq LIMIT ?');
	const lastSeq = db.prepare(`SELECT seq FROM sqlite_sequence WHERE name = 'audit_log'`).pluck();
	const check = (args: { seq: number; hash: Uint8Array; limit: number }): VerifiedSoFar => {
		const rows = page.all(args.seq, args.limit) as StoredRow[];
		const blanked = new Map<number, number>();
		const begun: number[] = [];
		const ended: [number, number][] = [];
		let previous = args.hash;
		let seq = args.seq;
		const told = () => ({ blanked: [...blanked], begun, ended });
		for (const row of rows) {
			const hash = hashRow(previous, row, row.digest);
			const good = row.seq === seq + 1 && isDigestGood(row) && row.previous.equals(previous) && row.hash.equals(hash);
			if (!good) return { seq, hash: previous, firstBad: seq + 1, done: true, ...told() };
			if (row.blanked_by !== null) blanked.set(row.blanked_by, (blanked.get(row.blanked_by) ?? 0) + 1);
			if (row.action === DELETION_BEGUN && row.outcome === 'done') begun.push(row.seq);
			if (row.action === DELETION_ENDED && row.actor === 'system') ended.push(blankedIn(row.detail));
			previous = hash;
			seq = row.seq;
		}
		const done = rows.length < args.limit;
		const cut = done && ((lastSeq.get() as number | undefined) ?? 0) !== seq;
		return { seq, hash: previous, firstBad: cut ? seq + 1 : null, done, ...told() };
	};
	// One view for both statements: a row that is appended in between is not a gap.
	return db.transaction(check);
});

const blankedIn = (detail: string): [begun: number, rows: number] => {
	const { begun, entriesBlanked } = JSON.parse(detail) as Record<string, Json>;
	return [Number(begun), Number(entriesBlanked)];
};

/** The first row that names another as what blanked it. */
export const firstBlankedBy = readOperation('audit.first-blanked-by', (db) => {
	const first = db.prepare('SELECT min(seq) FROM audit_log WHERE blanked_by = ?').pluck();
	return (by: number) => first.get(by) as number | null;
});
