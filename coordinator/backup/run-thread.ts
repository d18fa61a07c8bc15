import { Worker } from 'node:worker_threads';
import type { BackupEnd, BackupMessage, BackupWork } from './backup-thread-server.ts';
import type { Progress } from './progress.ts';

/** Runs the thread `entry`, a file that calls `serveBackup`, to its end. Aborted, it is cut. */
export const runBackupThread = (
	entry: URL,
	work: BackupWork,
	{ signal, onProgress }: { signal: AbortSignal; onProgress: (progress: Progress) => void },
): Promise<BackupEnd> =>
	new Promise((resolve, reject) => {
		const worker = new Worker(entry, { workerData: work });
		const cut = () => void worker.terminate();
		signal.addEventListener('abort', cut);
		let end: BackupEnd | null = null;
		worker.on('message', (message: BackupMessage) => {
			if ('progress' in message) onProgress(message.progress);
			else end = message;
		});
		worker.once('error', reject);
		// Only now is the thread really gone, and its connection and locks with it.
		worker.once('exit', () => {
			signal.removeEventListener('abort', cut);
			if (end) resolve(end);
			else reject(new Error('the thread of a backup ended without an answer'));
		});
	});
