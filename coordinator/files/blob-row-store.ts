import type { Database } from 'better-sqlite3';
import { readOperation, writeOperation } from '../database/operation.ts';

/** Refers to a blob inside somebody's transaction, making its row if it is new; gives its seq. The bytes must be kept. */
export const prepareReferBlob = (db: Database): ((sha256: string, size: number) => number) => {
	const refer = db.prepare(
		`INSERT INTO blobs (sha256, size, refs) VALUES (?, ?, 1)
		 ON CONFLICT (sha256) DO UPDATE SET refs = refs + 1, idle_since = NULL RETURNING seq, size`,
	);
	return (sha256, size) => {
		const row = refer.get(Buffer.from(sha256, 'hex'), size) as { seq: number; size: number };
		if (row.size !== size) throw new Error(`the blob ${sha256} has ${row.size} bytes, not ${size}`);
		return row.seq;
	};
};

/** Takes one reference back inside somebody's transaction. */
export const prepareReleaseBlob = (db: Database): ((blobSeq: number, now: number) => void) => {
	const release = db.prepare(
		'UPDATE blobs SET refs = refs - 1, idle_since = iif(refs = 1, @now, NULL) WHERE seq = @blobSeq',
	);
	return (blobSeq, now) => void release.run({ blobSeq, now });
};

/** Somebody copies what a ledger names, and that must not go meanwhile. */
const PINNED = `EXISTS (SELECT 1 FROM blob_pins WHERE expires_at > CAST(unixepoch('subsec') * 1000 AS INTEGER))`;

/** Blobs that nothing refers to since before the instant and that may go, the longest idle first. */
export const findIdleBlobs = readOperation('files.find-idle-blobs', (db) => {
	const select = db
		.prepare(
			`SELECT lower(hex(sha256)) FROM blobs WHERE refs = 0 AND idle_since < ? AND NOT ${PINNED} ORDER BY idle_since LIMIT ?`,
		)
		.pluck();
	return ({ before, limit }: { before: number; limit: number }) => select.all(before, limit) as string[];
});

/** Deletes the row unless something refers to it by now, or a pin is there; true when there is no row any more. */
export const forgetIdleBlob = writeOperation('files.forget-idle-blob', (db) => {
	const remove = db.prepare(`DELETE FROM blobs WHERE sha256 = ? AND refs = 0 AND NOT ${PINNED}`);
	const find = db.prepare('SELECT 1 FROM blobs WHERE sha256 = ?');
	return ({ sha256 }: { sha256: string }) => {
		const key = Buffer.from(sha256, 'hex');
		return remove.run(key).changes === 1 || find.get(key) === undefined;
	};
});

/** Which of these hashes have no row. */
export const findUnknownBlobs = readOperation('files.find-unknown-blobs', (db) => {
	const find = db.prepare('SELECT 1 FROM blobs WHERE sha256 = ?');
	return ({ hashes }: { hashes: string[] }) =>
		hashes.filter((sha256) => find.get(Buffer.from(sha256, 'hex')) === undefined);
});
