import type { Database } from 'better-sqlite3';
import { CodedError } from '../../shared/coded-error.ts';
import { newId } from '../database/new-id.ts';
import type { EntryKind } from './entry-store.ts';

const PROVENANCE =
	'owner_seq, at, task_seq, job_seq, output, recipe, recipe_version, step, type, first_input, lineage, record';

/**
 * Copies what is in a file's newest version inside somebody's transaction, by reference: with what is known of it, its
 * thumbnail, and the properties that clients have given to it. Quotas are asked before.
 */
export const prepareCopyContent = (db: Database) => {
	const insertFile = db.prepare(
		`INSERT INTO files (id, owner_seq, folder_seq, name, version, created_at, modified_at)
		 VALUES (@id, @ownerSeq, @folderSeq, @name, 1, @now, @now)`,
	);
	const raise = db
		.prepare(
			`UPDATE files SET version = version + 1, revision = revision + 1, modified_at = @now WHERE seq = @fileSeq
			 RETURNING version`,
		)
		.pluck();
	const insertVersion = db.prepare(
		`INSERT INTO file_versions (file_seq, number, blob_seq, thumbnail_blob_seq, thumbnail_type, created_at, created_by, facts)
		 SELECT @fileSeq, @version, v.blob_seq, v.thumbnail_blob_seq, v.thumbnail_type, @now, @ownerSeq, v.facts
		 FROM files f JOIN file_versions v ON v.file_seq = f.seq AND v.number = f.version WHERE f.seq = @sourceSeq`,
	);
	const refer = db.prepare(
		`UPDATE blobs SET refs = refs + 1, idle_since = NULL
		 WHERE seq = (SELECT blob_seq FROM file_versions WHERE file_seq = @fileSeq AND number = @version)`,
	);
	const referThumbnail = db.prepare(
		`UPDATE blobs SET refs = refs + 1, idle_since = NULL
		 WHERE seq = (SELECT thumbnail_blob_seq FROM file_versions WHERE file_seq = @fileSeq AND number = @version)`,
	);
	const newest = db.prepare('SELECT version FROM files WHERE seq = ?').pluck();
	const copyProvenance = db.prepare(
		`INSERT INTO provenance (file_seq, version, ${PROVENANCE})
		 SELECT @fileSeq, @version, ${PROVENANCE} FROM provenance WHERE file_seq = @sourceSeq AND version = @made`,
	);
	const moveFilings = db.prepare(
		'UPDATE filings SET file_seq = @fileSeq, version = @version WHERE file_seq = @sourceSeq AND version = @made',
	);
	/** The filed output of its task is now this one. What stays of the source, with its history, came of the task, too. */
	const moveMadeBy = (to: { fileSeq: number; version: number; sourceSeq: number }): void => {
		const made = newest.get(to.sourceSeq) as number;
		copyProvenance.run({ ...to, made });
		moveFilings.run({ ...to, made });
	};
	const properties = prepareCopyProperties(db);

	const copyVersion = (to: {
		fileSeq: number;
		version: number;
		sourceSeq: number;
		ownerSeq: number;
		now: number;
		isMoved: boolean;
	}) => {
		insertVersion.run(to);
		const { fileSeq, version } = to;
		refer.run({ fileSeq, version });
		referThumbnail.run({ fileSeq, version });
		properties('file', to.sourceSeq, fileSeq, to.isMoved);
	};

	return {
		/** As the first version of a new file; its name must be free. */
		asFile(copy: { sourceSeq: number; ownerSeq: number; folderSeq: number; name: string; now: number }) {
			const { sourceSeq, ownerSeq, now } = copy;
			const id = newId('file', now);
			const fileSeq = Number(insertFile.run({ id, ...copy }).lastInsertRowid);
			copyVersion({ fileSeq, version: 1, sourceSeq, ownerSeq, now, isMoved: false });
			return { fileSeq, id };
		},

		/** As the next version of a file; `isMoved`: the source is taken away, so how it was made goes along. */
		asVersion(copy: { sourceSeq: number; ownerSeq: number; fileSeq: number; now: number; isMoved: boolean }): number {
			const { sourceSeq, ownerSeq, fileSeq, now, isMoved } = copy;
			const version = raise.get({ fileSeq, now }) as number;
			copyVersion({ fileSeq, version, sourceSeq, ownerSeq, now, isMoved });
			if (isMoved) moveMadeBy({ fileSeq, version, sourceSeq });
			return version;
		},
	};
};

/** Of one person all together: some hundred thousand files as Explorer marks them. */
const MOST_PROPERTY_BYTES = 256 * 1024 ** 2;

/** Throws `property-limit` when a person's take too much, inside the transaction that has added some. */
export const prepareRequirePropertyRoom = (db: Database): ((ownerSeq: number) => void) => {
	const use = db.prepare('SELECT bytes FROM drive_property_use WHERE owner_seq = ?').pluck();
	return (ownerSeq) => {
		if (((use.get(ownerSeq) as number | undefined) ?? 0) <= MOST_PROPERTY_BYTES) return;
		throw new CodedError('property-limit', 'What programs note of your files takes too much room. Destroy old files.');
	};
};

/** The target has then exactly those that the source has. Throws `property-limit`. */
export const prepareCopyProperties = (db: Database) => {
	const statements = (table: string, column: string) => ({
		clear: db.prepare(`DELETE FROM drive_properties WHERE ${column} = ?`),
		copy: db.prepare(
			`INSERT INTO drive_properties (owner_seq, ${column}, namespace, name, value)
			 SELECT owner_seq, ?, namespace, name, value FROM drive_properties WHERE ${column} = ? ORDER BY seq`,
		),
		owner: db.prepare(`SELECT owner_seq FROM ${table} WHERE seq = ?`).pluck(),
	});
	const by = { file: statements('files', 'file_seq'), folder: statements('folders', 'folder_seq') };
	const requireRoom = prepareRequirePropertyRoom(db);
	/** `isMoved`: the source is about to go, so that in the end there are no more. */
	return (kind: EntryKind, from: number, to: number, isMoved = false): void => {
		by[kind].clear.run(to);
		const { changes } = by[kind].copy.run(to, from);
		if (changes > 0 && !isMoved) requireRoom(by[kind].owner.get(to) as number);
	};
};
