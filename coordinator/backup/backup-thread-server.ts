import { join } from 'node:path';
import { parentPort, workerData } from 'node:worker_threads';
import { type PlainError, toPlainError } from '../database/execute.ts';
import { InlineLedger } from '../database/inline-ledger.ts';
import { wordsOf } from '../verify/verify-data.ts';
import { type BackupWish, backUpAndRecord } from './backup-and-record.ts';
import { BACKUP_OPERATIONS } from './backup-store.ts';
import type { Progress } from './progress.ts';
import { explained } from './refused.ts';
import type { BackupTaken } from './take-backup.ts';
import { verifyBackup } from './verify-backup.ts';

/** What the thread is for: taking one, or reading one through. */
export type BackupWork = { take: BackupWish } | { check: { folder: string; name: string } };

/** What it ends with. */
export type BackupEnd = { taken: BackupTaken } | { violations: string[] } | { failed: PlainError };

/** Before its end it tells how far it is. */
export type BackupMessage = BackupEnd | { progress: Progress };

const TELLS_EVERY_MS = 250;

/** Does one work, on a connection of its own, and ends. */
export const serveBackup = async (): Promise<void> => {
	let toldAt = 0;
	const tell = (message: BackupMessage): void => parentPort?.postMessage(message);
	const onProgress = ({ done, of }: Progress): void => {
		const now = performance.now();
		if (now - toldAt < TELLS_EVERY_MS && done < of) return;
		toldAt = now;
		tell({ progress: { done, of } });
	};
	tell(await work(workerData as BackupWork, onProgress).catch((error: unknown) => ({ failed: toPlainError(error) })));
};

const work = async (wish: BackupWork, onProgress: (progress: Progress) => void): Promise<BackupEnd> => {
	if ('check' in wish) {
		const { folder, name } = wish.check;
		const { violations } = await verifyBackup(folder, name, onProgress).catch((error: unknown) => {
			throw explained(error, folder);
		});
		return { violations: violations.map(wordsOf) };
	}
	await using ledger = new InlineLedger({ file: join(wish.take.data, 'ledger.db'), operations: BACKUP_OPERATIONS });
	return { taken: await backUpAndRecord(wish.take, ledger, onProgress) };
};
