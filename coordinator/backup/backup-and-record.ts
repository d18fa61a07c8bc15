import type { Ledger } from '../database/ledger.ts';
import { installationOf } from './backup-folder.ts';
import { lastBackupIn, readInstallation, recordBackupRun } from './backup-store.ts';
import type { Progress } from './progress.ts';
import { pruneBackups } from './prune.ts';
import { explained, refused } from './refused.ts';
import { type BackupOrder, type BackupTaken, takeBackup } from './take-backup.ts';

/** `keep`: of the folder's backups, so many newest stay; null: all. */
export type BackupWish = BackupOrder & { keep: number | null };

/** Takes a backup, notes in the ledger how it went, and removes backups that are too old. Throws what it notes. */
export const backUpAndRecord = async (
	wish: BackupWish,
	ledger: Ledger,
	onProgress?: (progress: Progress) => void,
): Promise<BackupTaken> => {
	const { folder } = wish;
	const startedAt = Date.now();
	const nothing = { blobs: 0, bytes: 0, copiedBlobs: 0, copiedBytes: 0, missing: 0 };
	try {
		await requireSameFolder(folder, ledger);
		const taken = await takeBackup(wish, ledger, onProgress);
		const { name, ledger: copy, contents, missing } = taken.manifest;
		await ledger.write(recordBackupRun, {
			...{ folder, startedAt, finishedAt: Date.now(), backup: name, error: null },
			...{ blobs: contents.count, bytes: contents.bytes + copy.bytes, missing: missing.count },
			...{ copiedBlobs: taken.copied.count, copiedBytes: taken.copied.bytes },
		});
		if (wish.keep !== null) {
			const { id } = await ledger.read(readInstallation, null);
			await pruneBackups(folder, { installation: id, keep: wish.keep });
		}
		return taken;
	} catch (cause) {
		const error = explained(cause, folder);
		const run = { folder, startedAt, finishedAt: Date.now(), backup: null, error: wordsOf(error), ...nothing };
		await ledger.write(recordBackupRun, run);
		throw error;
	}
};

const wordsOf = (error: unknown): string => (error instanceof Error ? error.message : String(error)).slice(0, 1_000);

/** An empty folder where backups were made before is a disk that is not mounted: they would fill the one beneath. */
const requireSameFolder = async (folder: string, ledger: Ledger): Promise<void> => {
	const last = await ledger.read(lastBackupIn, { folder });
	if (last === null || (await installationOf(folder)) !== null) return;
	throw refused(
		`${folder} is empty, though a backup was made there on ${new Date(last).toISOString()}: is its disk mounted? If it is meant to be empty, use a folder of another name.`,
	);
};
