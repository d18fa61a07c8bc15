import type { Database } from 'better-sqlite3';
import type { Json } from '../../shared/protocol/json.ts';
import { newId } from '../database/new-id.ts';
import { readOperation } from '../database/operation.ts';
import { prepareReferBlob } from './blob-row-store.ts';
import type { Condition } from './condition.ts';
import { prepareParent, prepareRequireParent } from './parent-store.ts';
import type { Quota } from './quota-store.ts';
import { type DriveWrite, prepareRequireUpload, type WantedUpload } from './require-upload-store.ts';
import { formatPath, splitPath } from './safe-path.ts';
import { prepareTree } from './tree-store.ts';

const NOTHING = { bytes: 0, files: 0 };

/** New content for a path. */
export interface NewVersion {
	ownerSeq: number;
	/** Of `parsePath`: at least one. */
	names: readonly string[];
	sha256: string;
	size: number;
	now: number;
	condition: Condition;
	/** Of a client of the drive; null, or not told: through another door, for which missing folders are made. */
	drive?: DriveWrite | null;
	/** What the owner's class gives; none unless told. */
	quota?: Quota | null;
	facts?: Record<string, Json>;
	/** Who brought it; the owner unless told. */
	createdBy?: number;
}

export interface AddedVersion {
	fileSeq: number;
	fileId: string;
	path: string;
	version: number;
	revision: number;
	/** The file is new, not only its version. */
	created: boolean;
}

/**
 * Adds a version inside somebody's transaction: makes missing folders, checks the condition, refers to the blob. Two
 * uploads to one name at once become two versions, because transactions come one after the other.
 */
export const prepareAddVersion = (db: Database): ((version: NewVersion) => AddedVersion) => {
	const parentOf = prepareParent(db);
	const requireUpload = prepareRequireUpload(db);
	const refer = prepareReferBlob(db);
	const insertFile = db.prepare(
		`INSERT INTO files (id, owner_seq, folder_seq, name, version, created_at, modified_at)
		 VALUES (@id, @ownerSeq, @folderSeq, @name, 1, @now, @now)`,
	);
	const raiseVersion = db.prepare(
		'UPDATE files SET version = version + 1, revision = revision + 1, modified_at = ? WHERE seq = ?',
	);
	const insertVersion = db.prepare(
		`INSERT INTO file_versions (file_seq, number, blob_seq, created_at, created_by, facts) VALUES (?, ?, ?, ?, ?, ?)`,
	);

	return ({ ownerSeq, names, sha256, size, now, condition, drive = null, quota = null, ...more }) => {
		const { folder, name } = splitPath(names);
		const folderSeq = parentOf(ownerSeq, folder, drive ? 'require' : 'make', now);
		const wanted = { ownerSeq, names, condition, drive, quota, now, bytes: size, beside: NOTHING };
		const there = requireUpload(wanted, folderSeq);

		const id = there?.id ?? newId('file', now);
		const fileSeq = there?.seq ?? Number(insertFile.run({ id, ownerSeq, folderSeq, name, now }).lastInsertRowid);
		if (there) raiseVersion.run(now, fileSeq);
		const version = (there?.version ?? 0) + 1;
		const blobSeq = refer(sha256, size);
		insertVersion.run(fileSeq, version, blobSeq, now, more.createdBy ?? ownerSeq, JSON.stringify(more.facts ?? {}));
		return {
			fileSeq,
			fileId: id,
			path: formatPath(names),
			version,
			revision: there ? there.revision + 1 : 1,
			created: there === null,
		};
	};
};

/** Whether an upload to the path could be refused before its bytes flow: throws what `prepareAddVersion` would throw now. */
export const checkUpload = readOperation('files.check-upload', (db) => {
	const tree = prepareTree(db);
	const requireParent = prepareRequireParent(db);
	const requireUpload = prepareRequireUpload(db);
	return (args: WantedUpload): null => {
		const { folder } = splitPath(args.names);
		const { ownerSeq, drive } = args;
		requireUpload(args, drive ? requireParent(ownerSeq, folder) : tree.findFolder(ownerSeq, folder));
		return null;
	};
});
