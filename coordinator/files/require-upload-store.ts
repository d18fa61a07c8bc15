import type { Database } from 'better-sqlite3';
import { CodedError } from '../../shared/coded-error.ts';
import { type Condition, requireCondition } from './condition.ts';
import { prepareLocks } from './lock-store.ts';
import { type Coming, prepareRequireQuota, type Quota } from './quota-store.ts';
import { prepareTree } from './tree-store.ts';

/** What a client of the drive shows that writes: its locks bind it, the folder has to be there, and it may not be done yet. */
export interface DriveWrite {
	/** Of the locks that it holds. */
	tokens: readonly string[];
}

/** Where something is to be uploaded, and what must hold there. */
export interface UploadAt {
	names: readonly string[];
	condition: Condition;
	drive?: DriveWrite | null;
}

/** New content for a path, as far as it may be refused. */
export interface WantedUpload {
	ownerSeq: number;
	names: readonly string[];
	condition: Condition;
	/** Null: through another door, which locks do not bind. */
	drive: DriveWrite | null;
	now: number;
	quota: Quota | null;
	bytes: number;
	/** What others that have begun will take. */
	beside: Coming;
}

/** The newest version of the file that is there. */
export interface ThereBefore {
	seq: number;
	id: string;
	version: number;
	revision: number;
	sha256: string;
}

/**
 * Judges an upload into a folder (null: it is not there yet), before its bytes flow and in the transaction that adds it
 * alike, so that both give the same answer. Gives what is there.
 */
export const prepareRequireUpload = (db: Database) => {
	const tree = prepareTree(db);
	const locks = prepareLocks(db);
	const requireQuota = prepareRequireQuota(db);
	const find = db.prepare(
		`SELECT f.seq, f.id, f.version, f.revision, lower(hex(b.sha256)) AS sha256
		 FROM files f JOIN file_versions v ON v.file_seq = f.seq AND v.number = f.version JOIN blobs b ON b.seq = v.blob_seq
		 WHERE f.owner_seq = ? AND f.folder_seq = ? AND f.name = ? AND f.trashed_at IS NULL`,
	);
	return (wanted: WantedUpload, folderSeq: number | null): ThereBefore | null => {
		const { ownerSeq, names, condition, drive, now, quota, bytes, beside } = wanted;
		const name = names.at(-1)!;
		if (folderSeq !== null && tree.takenBy(ownerSeq, folderSeq, name) === 'folder') throw new CodedError('is-a-folder');
		const row = folderSeq === null ? undefined : find.get(ownerSeq, folderSeq, name);
		const there = (row as ThereBefore | undefined) ?? null;
		requireCondition(condition, there?.sha256 ?? null);
		locks.require({ ownerSeq, names, now }, drive?.tokens ?? null, { isMember: there === null });
		const coming = { bytes: bytes + beside.bytes, files: (there ? 0 : 1) + beside.files };
		if (quota) requireQuota(ownerSeq, quota, coming);
		return there;
	};
};
