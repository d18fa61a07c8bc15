import type { BackupCheck, BackupManifest, BackupsView } from '../../shared/protocol/backup.ts';
import type { AuditLog } from '../audit/audit-log.ts';
import type { Doer } from '../audit/doer.ts';
import { fromPlainError } from '../database/execute.ts';
import type { Ledger } from '../database/ledger.ts';
import { BackupChecks } from './backup-checks.ts';
import { listBackups } from './backup-folder.ts';
import { type BackupRun, listBackupRuns } from './backup-store.ts';
import type { Progress } from './progress.ts';
import { explained, refused } from './refused.ts';
import { runBackupThread } from './run-thread.ts';

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
	audit: Pick<AuditLog, 'record'>;
}

/** The running coordinator's own backups, each taken and checked in a thread. */
export class Backups implements AsyncDisposable {
	readonly #options: BackupsOptions;
	readonly #checks: BackupChecks;
	#now: ({ startedAt: string } & Progress) | null = null;

	constructor(options: BackupsOptions) {
		this.#options = options;
		const { audit, entry } = options;
		this.#checks = new BackupChecks({ audit, run: (work, how) => runBackupThread(entry, work, how) });
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
		const { data, keep, entry } = this.#options;
		const take = { data, folder: this.requireFolder(), keep, key: null, link: true };
		const startedAt = new Date().toISOString();
		this.#now = { startedAt, done: 0, of: 0 };
		const onProgress = (progress: Progress): void => {
			this.#now = { startedAt, ...progress };
		};
		const end = await runBackupThread(entry, { take }, { signal, onProgress }).finally(() => {
			this.#now = null;
		});
		if ('failed' in end) throw fromPlainError(end.failed);
		if (!('taken' in end)) throw new Error('the thread of a backup did something else');
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
		const [now, checks] = [this.#now, this.#checks.list()];
		return { folder, everyMs, keep, trouble, items: items.map(backupView), runs, now, checks };
	}

	/** Begins to read one through. Throws `backup-refused`, `not-found`, `conflict`. */
	check(name: string, by: Doer): Promise<BackupCheck> {
		return this.#checks.begin(this.requireFolder(), name, by);
	}

	[Symbol.asyncDispose](): Promise<void> {
		return this.#checks[Symbol.asyncDispose]();
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
