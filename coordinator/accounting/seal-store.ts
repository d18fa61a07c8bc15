import { createHash } from 'node:crypto';
import { CodedError } from '../../shared/coded-error.ts';
import { readOperation, writeOperation } from '../database/operation.ts';
import { DAY_MS, startOf } from './rollup-cubes.ts';
import { USAGE_COLUMNS } from './usage-record.ts';

/** Records that are hashed together: part of how a seal is made, so never to be changed. */
export const HASHED_TOGETHER = 5_000;

export interface Seal {
	/** First millisecond (UTC). */
	day: number;
	firstSeq: number;
	lastSeq: number;
	records: number;
	hash: Uint8Array;
}

/** The columns of a {@link Seal} in a select. */
export const SEAL_COLUMNS = 'day, first_seq AS firstSeq, last_seq AS lastSeq, records, hash';
const SELECT = `SELECT ${SEAL_COLUMNS} FROM usage_seals`;

/** In the order in which they were made. */
export const readSeals = readOperation('accounting.read-seals', (db) => {
	const select = db.prepare(`${SELECT} WHERE day > ? ORDER BY day LIMIT ?`);
	return (args: { after: number; limit: number }) => select.all(args.after, args.limit) as Seal[];
});

/** The day that is to be sealed next and its last record; null while there is none that is over. */
export const readSealDue = readOperation('accounting.read-seal-due', (db) => {
	const last = db.prepare(`${SELECT} ORDER BY day DESC LIMIT 1`);
	const earliest = db.prepare('SELECT min(at) FROM usage_records WHERE seq > ?').pluck();
	const upTo = db.prepare('SELECT max(seq) FROM usage_records WHERE seq > ? AND at < ?').pluck();
	// `before`: only what lies before it is over.
	return ({ before }: { before: number }): { day: number; lastSeq: number; previous: Seal | null } | null => {
		const previous = (last.get() as Seal | undefined) ?? null;
		const after = previous?.lastSeq ?? 0;
		const at = earliest.get(after) as number | null;
		if (at === null) return null;
		// What came late, or from a clock that was set back, is sealed with the next day.
		const day = Math.max(startOf('day', at), previous === null ? 0 : previous.day + DAY_MS);
		if (day + DAY_MS > before) return null;
		return { day, lastSeq: upTo.get(after, day + DAY_MS) as number, previous };
	};
});

/** Hashes the next records up to the last: with what came before, as JSON arrays of all columns. */
export const hashUsage = readOperation('accounting.hash-usage', (db) => {
	const page = db
		.prepare(
			`SELECT seq, ${USAGE_COLUMNS.join(', ')} FROM usage_records WHERE seq > ? AND seq <= ? ORDER BY seq LIMIT ?`,
		)
		.raw();
	return (args: { after: number; lastSeq: number; hash: Uint8Array }) => {
		const rows = page.all(args.after, args.lastSeq, HASHED_TOGETHER) as [seq: number, ...rest: unknown[]][];
		const sha256 = createHash('sha256').update(args.hash);
		for (const row of rows) sha256.update(JSON.stringify(row)).update('\n');
		return {
			after: rows.at(-1)?.[0] ?? args.after,
			first: rows[0]?.[0] ?? null,
			records: rows.length,
			hash: rows.length === 0 ? args.hash : new Uint8Array(sha256.digest()),
			done: rows.length < HASHED_TOGETHER,
		};
	};
});

/** Throws `conflict` when another one was set meanwhile. */
export const addSeal = writeOperation('accounting.add-seal', (db) => {
	const last = db.prepare('SELECT coalesce(max(last_seq), 0) FROM usage_seals').pluck();
	const insert = db.prepare('INSERT INTO usage_seals VALUES (?, ?, ?, ?, ?, ?)');
	return ({ seal, after, now }: { seal: Seal; after: number; now: number }): void => {
		if ((last.get() as number) !== after) throw new CodedError('conflict', 'The day has been sealed already.');
		insert.run(seal.day, seal.firstSeq, seal.lastSeq, seal.records, Buffer.from(seal.hash), now);
	};
});

export const SEAL_OPERATIONS = [readSeals, readSealDue, hashUsage, addSeal];
