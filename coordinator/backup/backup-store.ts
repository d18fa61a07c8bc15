import { readOperation, writeOperation } from '../database/operation.ts';

/** So many runs are remembered. */
const KEPT_RUNS = 200;

export const readInstallation = readOperation('backup.read-installation', (db) => {
	const select = db.prepare('SELECT id, generation FROM installation');
	const schema = db.prepare('SELECT user_version FROM pragma_user_version').pluck();
	return (_: null) => ({
		...(select.get() as { id: string; generation: number }),
		schema: schema.get() as number,
	});
});

/** From its commit on no content is removed until the instant, whoever is about to. */
export const pinBlobs = writeOperation('backup.pin-blobs', (db) => {
	const forget = db.prepare('DELETE FROM blob_pins WHERE expires_at <= ?');
	const insert = db.prepare('INSERT INTO blob_pins VALUES (?, ?)');
	return ({ id, now, expiresAt }: { id: string; now: number; expiresAt: number }): void => {
		forget.run(now);
		insert.run(id, expiresAt);
	};
});

/** False when it has run out: content may have been removed since. */
export const renewPin = writeOperation('backup.renew-pin', (db) => {
	const renew = db.prepare('UPDATE blob_pins SET expires_at = ? WHERE id = ? AND expires_at > ?');
	return ({ id, now, expiresAt }: { id: string; now: number; expiresAt: number }): boolean =>
		renew.run(expiresAt, id, now).changes === 1;
});

export const unpinBlobs = writeOperation('backup.unpin-blobs', (db) => {
	const remove = db.prepare('DELETE FROM blob_pins WHERE id = ?');
	return ({ id }: { id: string }): void => void remove.run(id);
});

/** Content that the ledger refers to, by hash. */
export const listContents = readOperation('backup.list-contents', (db) => {
	const select = db.prepare(
		'SELECT lower(hex(sha256)) AS sha256, size FROM blobs WHERE sha256 > ? AND refs > 0 ORDER BY sha256 LIMIT ?',
	);
	return ({ after, limit }: { after: string; limit: number }) =>
		select.all(Buffer.from(after, 'hex'), limit) as { sha256: string; size: number }[];
});

export const countContents = readOperation('backup.count-contents', (db) => {
	const select = db.prepare('SELECT count(*) FROM blobs WHERE refs > 0').pluck();
	return (_: null) => select.get() as number;
});

/** How a backup ended. */
export interface BackupRun {
	folder: string;
	backup: string | null;
	startedAt: number;
	finishedAt: number;
	error: string | null;
	blobs: number;
	bytes: number;
	copiedBlobs: number;
	copiedBytes: number;
	missing: number;
}

export const recordBackupRun = writeOperation('backup.record-run', (db) => {
	const insert = db.prepare(
		`INSERT INTO backup_runs (folder, backup, started_at, finished_at, error, blobs, bytes, copied_blobs, copied_bytes, missing)
		 VALUES (@folder, @backup, @startedAt, @finishedAt, @error, @blobs, @bytes, @copiedBlobs, @copiedBytes, @missing)`,
	);
	const forget = db.prepare('DELETE FROM backup_runs WHERE seq <= ?');
	return (run: BackupRun): void => {
		forget.run((insert.run(run).lastInsertRowid as number) - KEPT_RUNS);
	};
});

export const listBackupRuns = readOperation('backup.list-runs', (db) => {
	const select = db.prepare(
		`SELECT folder, backup, started_at AS startedAt, finished_at AS finishedAt, error, blobs, bytes,
		        copied_blobs AS copiedBlobs, copied_bytes AS copiedBytes, missing
		 FROM backup_runs ORDER BY seq DESC LIMIT ?`,
	);
	return ({ limit }: { limit: number }) => select.all(limit) as BackupRun[];
});

/** When a backup was last made in the folder; null: never. */
export const lastBackupIn = readOperation('backup.last-in', (db) => {
	const select = db.prepare('SELECT max(finished_at) FROM backup_runs WHERE folder = ? AND backup IS NOT NULL').pluck();
	return ({ folder }: { folder: string }) => select.get(folder) as number | null;
});

export const BACKUP_OPERATIONS = [
	readInstallation,
	pinBlobs,
	renewPin,
	unpinBlobs,
	recordBackupRun,
	listBackupRuns,
	lastBackupIn,
];
