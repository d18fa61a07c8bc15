import { join } from 'node:path';
import Database from 'better-sqlite3';
import { ledgerViolations, violation } from '../../coordinator/verify/ledger-rules-store.ts';
import { blobViolations } from '../../coordinator/verify/verify-blobs.ts';
import { wordsOf } from '../../coordinator/verify/verify-data.ts';
import type { History } from './history.ts';

export interface CheckOptions {
	/** The coordinator's data folder. Stop the coordinator before: files are compared with rows. */
	data: string;
	history?: History;
	/** True (default) when all work was waited for: nothing may be open then. */
	settled?: boolean;
}

const missingFrom = (db: Database.Database, history: History): string[] => {
	const found: string[] = [];
	const task = db.prepare('SELECT 1 FROM tasks WHERE id = ?').pluck();
	for (const id of history.acknowledgedTasks) if (task.get(id) === undefined) found.push(`task ${id}`);
	const version = db
		.prepare(
			`SELECT lower(hex(b.sha256)) || ' ' || b.size FROM file_versions v JOIN files f ON f.seq = v.file_seq
			 JOIN blobs b ON b.seq = v.blob_seq WHERE f.id = ? AND v.number = ?`,
		)
		.pluck();
	for (const file of history.acknowledgedFiles) {
		const there = version.get(file.id, file.version);
		if (there !== `${file.sha256} ${file.size}`) found.push(`file ${file.id} version ${file.version}: ${there}`);
	}
	return found;
};

/** Every broken invariant as a sentence with the first ids; empty when all hold. I1 to I6 of the promise table. */
export const invariantViolations = async (options: CheckOptions): Promise<string[]> => {
	const settled = options.settled ?? true;
	const db = new Database(join(options.data, 'ledger.db'), { readonly: true, fileMustExist: true });
	try {
		const lost = options.history ? missingFrom(db, options.history) : [];
		const found = [
			...ledgerViolations(db, { settled }),
			...violation('I1 everything acknowledged is there', lost),
			...(await blobViolations(db, {
				blobs: join(options.data, 'blobs'),
				staging: join(options.data, 'staging'),
				settled,
			})),
		];
		return found.map(wordsOf);
	} finally {
		db.close();
	}
};

/** Throws with every broken invariant; call it after the coordinator was stopped. */
export const checkInvariants = async (options: CheckOptions): Promise<void> => {
	const found = await invariantViolations(options);
	if (found.length > 0) throw new Error(`broken invariants:\n${found.join('\n')}`);
};
