import type { Database } from 'better-sqlite3';
import { CodedError } from '../../shared/coded-error.ts';
import type { Json } from '../../shared/protocol/json.ts';
import { newId } from '../database/new-id.ts';
import { readOperation } from '../database/operation.ts';
import { prepareReferBlob } from './blob-row-store.ts';
import { type Condition, requireCondition } from './condition.ts';
import { prepareLocks } from './lock-store.ts';
import { type Parents, prepareParent, prepareRequireParent } from './parent-store.ts';
import { type Coming, prepareRequireQuota, type Quota } from './quota-store.ts';
import { formatPath, splitPath } from './safe-path.ts';
import { prepareTree } from './tree-store.ts';

/** New content for a path. */
export interface NewVersion {
	ownerSeq: number;
	/** Of `parsePath`: at least one. */
	names: readonly string[];
	sha256: string;
	size: number;
	now: number;
	condition: Condition;
	/** Missing folders are made unless told. */
	parents?: Parents;
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

interface Newest {
	seq: number;
	id: string;
	version: number;
	revision: number;
	sha256: string;
}

const NEWEST = `SELECT f.seq, f.id, f.version, f.revision, lower(hex(b.sha256)) AS sha256
	FROM files f JOIN file_versions v ON v.file_seq = f.seq AND v.number = f.version JOIN blobs b ON b.seq = v.blob_seq
	WHERE f.owner_seq = ? AND f.folder_seq = ? AND f.name = ? AND f.trashed_at IS NULL`;

/**
 * Adds a version inside somebody's transaction: makes missing folders, checks the condition, refers to the blob. Two
 * uploads to one name at once become two versions, because transactions come one after the other.
 */
export const prepareAddVersion = (db: Database): ((version: NewVersion) => AddedVersion) => {
	const tree = prepareTree(db);
	const parentOf = prepareParent(db);
	const refer = prepareReferBlob(db);
	const requireQuota = prepareRequireQuota(db);
	const findNewest = db.prepare(NEWEST);
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

	return ({ ownerSeq, names, sha256, size, now, condition, parents, quota, facts, createdBy }) => {
		const { folder, name } = splitPath(names);
		const folderSeq = parentOf(ownerSeq, folder, parents ?? 'make', now);
		if (tree.takenBy(ownerSeq, folderSeq, name) === 'folder') throw new CodedError('is-a-folder');
		const there = findNewest.get(ownerSeq, folderSeq, name) as Newest | undefined;
		requireCondition(condition, there?.sha256 ?? null);
		if (quota) requireQuota(ownerSeq, quota, { bytes: size, files: there ? 0 : 1 });

		const id = there?.id ?? newId('file', now);
		const fileSeq = there?.seq ?? Number(insertFile.run({ id, ownerSeq, folderSeq, name, now }).lastInsertRowid);
		if (there) raiseVersion.run(now, fileSeq);
		const version = (there?.version ?? 0) + 1;
		const blobSeq = refer(sha256, size);
		insertVersion.run(fileSeq, version, blobSeq, now, createdBy ?? ownerSeq, JSON.stringify(facts ?? {}));
		return {
			fileSeq,
			fileId: id,
			path: formatPath(names),
			version,
			revision: there ? there.revision + 1 : 1,
			created: there === undefined,
		};
	};
};

/** Whether an upload to the path could be refused before its bytes flow: throws what `prepareAddVersion` would throw now. */
export const checkUpload = readOperation('files.check-upload', (db) => {
	const tree = prepareTree(db);
	const findNewest = db.prepare(NEWEST);
	const requireQuota = prepareRequireQuota(db);
	const requireParent = prepareRequireParent(db);
	const locks = prepareLocks(db);
	return (args: {
		ownerSeq: number;
		names: string[];
		condition: Condition;
		/** Of the locks that a client of the drive holds, whose folder has to be there; null: through another door. */
		tokens: readonly string[] | null;
		now: number;
		quota: Quota | null;
		/** Bytes of this upload, and what others that have begun will take. */
		bytes: number;
		beside: Coming;
	}): null => {
		const { folder, name } = splitPath(args.names);
		const { ownerSeq, names, tokens, now } = args;
		const folderSeq = tokens === null ? tree.findFolder(ownerSeq, folder) : requireParent(ownerSeq, folder);
		if (folderSeq !== null && tree.takenBy(args.ownerSeq, folderSeq, name) === 'folder') {
			throw new CodedError('is-a-folder');
		}
		const there =
			folderSeq === null ? undefined : (findNewest.get(args.ownerSeq, folderSeq, name) as Newest | undefined);
		requireCondition(args.condition, there?.sha256 ?? null);
		locks.require({ ownerSeq, names, now }, tokens, { isMember: there === undefined });
		if (args.quota) {
			const coming = { bytes: args.bytes + args.beside.bytes, files: (there ? 0 : 1) + args.beside.files };
			requireQuota(args.ownerSeq, args.quota, coming);
		}
		return null;
	};
});
