import { CodedError } from '../../shared/coded-error.ts';
import type { BackupCheck } from '../../shared/protocol/backup.ts';
import type { AuditLog } from '../audit/audit-log.ts';
import { auditOf, type Doer } from '../audit/doer.ts';
import { readManifest } from './backup-folder.ts';
import type { BackupEnd } from './backup-thread-server.ts';
import type { Progress } from './progress.ts';
import { explained } from './refused.ts';

/** Checks that are remembered until the next start. */
const MOST_CHECKS = 20;

type Run = (
	work: { check: { folder: string; name: string } },
	with_: { signal: AbortSignal; onProgress: (progress: Progress) => void },
) => Promise<BackupEnd>;

/** Backups that administrators have read through, one after the other, and what was found. */
export class BackupChecks implements AsyncDisposable {
	readonly #audit: Pick<AuditLog, 'record'>;
	readonly #run: Run;
	readonly #ending = new AbortController();
	/** Newest first. */
	#checks: BackupCheck[] = [];
	#running: Promise<void> | null = null;

	constructor(options: { audit: Pick<AuditLog, 'record'>; run: Run }) {
		this.#audit = options.audit;
		this.#run = options.run;
	}

	list(): BackupCheck[] {
		return this.#checks.map((check) => ({ ...check }));
	}

	/** Begins to read one. Throws `not-found`, and `conflict` while another one is read. */
	async begin(folder: string, name: string, by: Doer): Promise<BackupCheck> {
		this.#requireIdle();
		const manifest = await readManifest(folder, name).catch((error: unknown) => {
			throw explained(error, folder);
		});
		if (manifest === null) throw new CodedError('not-found', `There is no whole backup ${name} in the folder.`);
		await this.#audit.record(auditOf(by, 'backup.check', name));
		this.#requireIdle();
		const check: BackupCheck = {
			...{ backup: name, startedAt: new Date().toISOString(), finishedAt: null, done: 0, of: manifest.contents.count },
			...{ violations: null, error: null },
		};
		this.#checks = [check, ...this.#checks].slice(0, MOST_CHECKS);
		this.#running = this.#read(folder, check).finally(() => {
			this.#running = null;
		});
		return { ...check };
	}

	async [Symbol.asyncDispose](): Promise<void> {
		this.#ending.abort();
		await this.#running;
	}

	#requireIdle(): void {
		if (this.#running === null) return;
		throw new CodedError('conflict', `${this.#checks[0]?.backup} is being checked. Wait until that has ended.`);
	}

	async #read(folder: string, check: BackupCheck): Promise<void> {
		const onProgress = ({ done, of }: Progress): void => void Object.assign(check, { done, of });
		try {
			const work = { check: { folder, name: check.backup } };
			const end = await this.#run(work, { signal: this.#ending.signal, onProgress });
			if ('violations' in end) check.violations = end.violations;
			else check.error = 'failed' in end ? end.failed.message : 'It ended without an answer.';
		} catch (error) {
			check.error = error instanceof Error ? error.message : String(error);
		}
		check.finishedAt = new Date().toISOString();
	}
}
