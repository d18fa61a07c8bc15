import Database from 'better-sqlite3';
import type { BackupManifest } from '../../shared/protocol/backup.ts';
import { blobPath } from '../files/blob-folders.ts';
import { ledgerViolations, type Violation, violation } from '../verify/ledger-rules-store.ts';
import { sha256OfFile } from '../verify/sha256-of-file.ts';
import { openBackup } from './open-backup.ts';
import type { Progress } from './progress.ts';
import { contentsOf } from './rows-of-backup.ts';

export const WHOLE_CONTENT = 'every content of the backup has its bytes';

/** Checks a backup where it lies: its ledger with all invariants, and every byte of its content. Throws `backup-refused` when it is none. */
export const verifyBackup = async (
	folder: string,
	name?: string,
	onProgress: (progress: Progress) => void = () => {},
): Promise<{ manifest: BackupManifest; violations: Violation[] }> => {
	const { manifest, files, blobs } = await openBackup(folder, name);
	const db = new Database(files.ledger, { readonly: true });
	let violations: Violation[];
	try {
		violations = ledgerViolations(db, { settled: false });
	} finally {
		db.close();
	}
	const wrong: string[] = [];
	const progress = { done: 0, of: manifest.contents.count };
	onProgress(progress);
	for await (const page of contentsOf(files)) {
		for (const { sha256 } of page) {
			const found = await sha256OfFile(blobPath(blobs, sha256)).catch(() => null);
			if (found !== sha256) wrong.push(sha256);
			progress.done += 1;
			onProgress(progress);
		}
	}
	return { manifest, violations: [...violations, ...violation(WHOLE_CONTENT, wrong)] };
};
