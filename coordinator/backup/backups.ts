import { Worker } from 'node:worker_threads';
import type { BackupManifest, BackupsView } from '../../shared/protocol/backup.ts';
import { fromPlainError } from '../database/execute.ts';
import type { Ledger } from '../database/ledger.ts';
import type { BackupWish } from './backup-and-record.ts';
import { listBackups } from './backup-folder.ts';
import { type BackupRun, listBackupRuns } from './backup-store.ts';
import type { BackupEnd } from './backup-thread-server.ts';
import { explained, refused } from './refused.ts';

/** Runs that are told of, and backups that are listed, newest first. */
const MOST_RUNS = 50;
const MOST_BACKUPS = 1_000;

export interface BackupsOptions {
	data: string;
	/** Where they go to; null: no folder was set. */
	folder: string | null;
	everyMs: number;
	keep: number;
	/** A file that calls `serveBackup`. */
	entry: URL;
	ledger: Ledger;
}

/** The running coordinator's own backups, each taken in a thread. */
export class Backups {
	readonly #options: BackupsOptions;

	constructor(options: BackupsOptions) {
		this.#options = options;
	}

	get isSet(): boolean {
		return this.#options.folder !== null;
	}

	/** Throws unless there is a folder to back up to. */
	requireFolder(): string {
		const { folder } = this.#options;
		if (folder !== null) return folder;
		throw refused(
			'No folder for backups is set. Start the coordinator with --backup-to DIR, or on its machine run: coordinator backup --to DIR',
		);
	}

	/** Takes one and removes old ones; says what it came to. Aborted, it is cut: that backup counts for nothing. */
	async take(signal: AbortSignal): Promise<string> {
		const { data, keep } = this.#options;
		const end = await this.#run({ data, folder: this.requireFolder(), keep, key: null, link: true }, signal);
		if ('failed' in end) throw fromPlainError(end.failed);
		const { manifest, copied, mended } = end.taken;
		const lost = manifest.missing.count > 0 ? `; ${manifest.missing.count} contents are lost or damaged` : '';
		return `${manifest.name}: ${copied.count} of ${manifest.contents.count} contents were new${mended > 0 ? `; ${mended} were damaged in the folder and copied anew` : ''}${lost}`;
	}

	/** When one last went well, however it was made, how often one is made by itself, and why the newest try did not. */
	async standing(): Promise<{ lastOkAt: number | null; everyMs: number | null; why: string | null }> {
		const { ledger, everyMs } = this.#options;
		const runs = await ledger.read(listBackupRuns, { limit: MOST_RUNS });
		const good = runs.find(({ error }) => error === null);
		return { lastOkAt: good?.finishedAt ?? null, everyMs: this.isSet ? everyMs : null, why: runs[0]?.error ?? null };
	}

	async view(): Promise<BackupsView> {
		const { folder, everyMs, keep, ledger } = this.#options;
		const runs = (await ledger.read(listBackupRuns, { limit: MOST_RUNS })).map(runView);
		let items: BackupManifest[] = [];
		let trouble: string | null = null;
		try {
			if (folder !== null) items = (await listBackups(folder)).slice(0, MOST_BACKUPS);
		} catch (error) {
			const told = explained(error, folder ?? '');
			trouble = told instanceof Error ? told.message : String(told);
		}
		return { folder, everyMs, keep, trouble, items: items.map(backupView), runs };
	}

	#run(wish: BackupWish, signal: AbortSignal): Promise<BackupEnd> {
		return new Promise((resolve, reject) => {
			const worker = new Worker(this.#options.entry, { workerData: wish });
			const cut = () => void worker.terminate();
			signal.addEventListener('abort', cut);
			let end: BackupEnd | null = null;
			worker.once('message', (message: BackupEnd) => {
				end = message;
			});
			worker.once('error', reject);
			// Only now is the thread really gone, and its connection and locks with it.
			worker.once('exit', () => {
				signal.removeEventListener('abort', cut);
				if (end) resolve(end);
				else reject(new Error('the thread of a backup ended without an answer'));
			});
		});
	}
}

const backupView = ({ name, takenAt, version, ledger, contents, missing, withKey }: BackupManifest) => ({
	...{ name, takenAt, version, withKey },
	contents: contents.count,
	bytes: contents.bytes + ledger.bytes,
	missing: missing.count,
});

const runView = (run: BackupRun) => ({
	...{ folder: run.folder, backup: run.backup, error: run.error, contents: run.blobs, bytes: run.bytes },
	...{ copiedContents: run.copiedBlobs, copiedBytes: run.copiedBytes, missing: run.missing },
	startedAt: new Date(run.startedAt).toISOString(),
	finishedAt: new Date(run.finishedAt).toISOString(),
});
