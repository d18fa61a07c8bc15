import { join } from 'node:path';
import { parentPort, workerData } from 'node:worker_threads';
import { type PlainError, toPlainError } from '../database/execute.ts';
import { InlineLedger } from '../database/inline-ledger.ts';
import { type BackupWish, backUpAndRecord } from './backup-and-record.ts';
import { BACKUP_OPERATIONS } from './backup-store.ts';
import type { BackupTaken } from './take-backup.ts';

/** What the thread of a backup ends with. */
export type BackupEnd = { taken: BackupTaken } | { failed: PlainError };

/** Takes one backup, on a connection of its own, and ends. */
export const serveBackup = async (): Promise<void> => {
	const wish = workerData as BackupWish;
	let end: BackupEnd;
	try {
		await using ledger = new InlineLedger({ file: join(wish.data, 'ledger.db'), operations: BACKUP_OPERATIONS });
		end = { taken: await backUpAndRecord(wish, ledger) };
	} catch (error) {
		end = { failed: toPlainError(error) };
	}
	parentPort?.postMessage(end);
};
