import { createHash } from 'node:crypto';
import { CodedError } from '../../shared/coded-error.ts';
import { readOperation, writeOperation } from '../database/operation.ts';
import { CURRENT_SET } from './all-sums.ts';
import { SUMS } from './rollup-cubes.ts';
import { KIND_CODE, RECORD_SUMS, STARTS } from './rollup-sql.ts';
import { SEAL_COLUMNS, type Seal } from './seal-store.ts';

/** What the records of a sealed day came to: its day, whose, which kind, whether charged, and the sums; whole numbers of 64 bits. */
export type PurgedSums = readonly bigint[];

/** The sums of the day that is to be forgotten next, and what it follows on. */
export interface PurgeDue {
	seal: Seal;
	/** The seal before it. */
	previous: Seal | null;
}

/**
 * The next sealed day before the instant of which all records may go; null while there is none. Never that of the newest
 * record: numbers go on from there.
 */
export const readPurgeDue = readOperation('accounting.read-purge-due', (db) => {
	// Days go one after the other: none is passed by because it has to wait.
	const select = db.prepare(
		`SELECT * FROM (
		   SELECT ${SEAL_COLUMNS} FROM usage_seals WHERE day > coalesce((SELECT max(day) FROM usage_purges), -1) ORDER BY day LIMIT 1)
		 WHERE day < ? AND lastSeq < (SELECT max(seq) FROM usage_records)
		   AND lastSeq <= (SELECT folded_seq ${CURRENT_SET})
		   AND lastSeq <= (SELECT last_seq FROM usage_counted)
		   AND (SELECT max(at) FROM usage_records WHERE seq BETWEEN firstSeq AND lastSeq)
		     < (SELECT closed_at ${CURRENT_SET})`,
	);
	const previous = db.prepare(`SELECT ${SEAL_COLUMNS} FROM usage_seals WHERE day < ? ORDER BY day DESC LIMIT 1`);
	return ({ before }: { before: number }): PurgeDue | null => {
		const seal = select.get(before) as Seal | undefined;
		return seal ? { seal, previous: (previous.get(seal.day) as Seal | undefined) ?? null } : null;
	};
});

/** What these records come to, by day, person, kind and whether charged. */
export const readRecordSums = readOperation('accounting.read-record-sums', (db) => {
	const select = db
		.prepare(
			`SELECT ${STARTS.day}, owner_seq, ${KIND_CODE}, charged, ${RECORD_SUMS.join(', ')} FROM usage_records
			 WHERE seq > ? AND seq <= ? GROUP BY 1, 2, 3, 4 ORDER BY 1, 2, 3, 4`,
		)
		.raw()
		.safeIntegers();
	return ({ after, lastSeq }: { after: number; lastSeq: number }) => select.all(after, lastSeq) as PurgedSums[];
});

const hashOf = (previous: Uint8Array, seal: Seal, sums: readonly PurgedSums[]): Buffer => {
	const head = [seal.day, seal.firstSeq, seal.lastSeq, seal.records, Buffer.from(seal.hash).toString('hex')];
	const hash = createHash('sha256').update(previous).update(JSON.stringify(head));
	for (const row of sums) hash.update(`\n${row.join(' ')}`);
	return hash.digest();
};

const CHAIN_START = new Uint8Array(32);
const COLUMNS = ['day', 'at', 'owner_seq', 'kind', 'charged', ...SUMS];

/** Writes down what a sealed day came to: from then on its records may go. Throws `conflict` when it was done meanwhile. */
export const addPurge = writeOperation('accounting.add-purge', (db) => {
	const last = db.prepare('SELECT day, hash FROM usage_purges ORDER BY day DESC LIMIT 1');
	const insert = db.prepare('INSERT INTO usage_purges VALUES (?, ?, ?, ?, ?)');
	const add = db.prepare(
		`INSERT INTO usage_purged_sums (${COLUMNS.join(', ')}) VALUES (${COLUMNS.map(() => '?').join(', ')})`,
	);
	return ({ seal, sums, now }: { seal: Seal; sums: readonly PurgedSums[]; now: number }): void => {
		const previous = last.get() as { day: number; hash: Uint8Array } | undefined;
		if (previous && previous.day >= seal.day) throw new CodedError('conflict', 'The day has been summed up already.');
		insert.run(seal.day, seal.lastSeq, seal.records, hashOf(previous?.hash ?? CHAIN_START, seal, sums), now);
		for (const row of sums) add.run(seal.day, ...row);
	};
});

/** Days that are looked at in one reading. */
const PAGE = 31;

/** Makes the hashes of the next days again that were summed up. `broken`: the first that does not fit its sums or its seal. */
export const checkPurges = readOperation('accounting.check-purges', (db) => {
	const before = db.prepare('SELECT hash FROM usage_purges WHERE day <= ? ORDER BY day DESC LIMIT 1').pluck();
	const page = db.prepare(`SELECT day, hash AS made FROM usage_purges WHERE day > ? ORDER BY day LIMIT ${PAGE}`);
	const sealOf = db.prepare(`SELECT ${SEAL_COLUMNS} FROM usage_seals WHERE day = ?`);
	const sumsOf = db
		.prepare(
			`SELECT ${COLUMNS.slice(1).join(', ')} FROM usage_purged_sums WHERE day = ? ORDER BY at, owner_seq, kind, charged`,
		)
		.raw()
		.safeIntegers();
	const check = ({ after }: { after: number }): { days: number; next: number | null; broken: number | null } => {
		let previous = (before.get(after) as Uint8Array | undefined) ?? CHAIN_START;
		const rows = page.all(after) as { day: number; made: Uint8Array }[];
		for (const [days, { day, made }] of rows.entries()) {
			const seal = sealOf.get(day) as Seal | undefined;
			const fits = seal && Buffer.compare(hashOf(previous, seal, sumsOf.all(day) as PurgedSums[]), made) === 0;
			if (!fits) return { days, next: null, broken: day };
			previous = made;
		}
		return { days: rows.length, next: rows.length < PAGE ? null : rows.at(-1)!.day, broken: null };
	};
	return db.transaction(check);
});

/** The seal of the last day that was summed up; null: there is none. What comes after it can be made again from its records. */
export const readLastPurged = readOperation('accounting.read-last-purged', (db) => {
	const select = db.prepare(`SELECT ${SEAL_COLUMNS} FROM usage_seals WHERE day = (SELECT max(day) FROM usage_purges)`);
	return (_: null) => (select.get() as Seal | undefined) ?? null;
});

export const PURGE_OPERATIONS = [readPurgeDue, readRecordSums, addPurge, checkPurges, readLastPurged];
