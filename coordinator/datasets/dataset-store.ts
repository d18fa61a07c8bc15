import type { Database } from 'better-sqlite3';
import { CodedError } from '../../shared/coded-error.ts';
import type { DatasetAbout, DatasetChange } from '../../shared/protocol/dataset.ts';
import { prepareAudit } from '../audit/audit-store.ts';
import type { Doer } from '../audit/doer.ts';
import { readOperation, writeOperation } from '../database/operation.ts';
import { requireVersion, type VersionCondition } from '../qos/version-condition.ts';
import { prepareRequireReadable } from './access-store.ts';
import type { DatasetRow } from './dataset-row.ts';
import { type PublicationSource, prepareBeginPublication } from './publication-store.ts';

/** One person's. */
const MOST_DATASETS = 100;

export interface NewDatasetRow {
	id: string;
	/** Null: the system's, for everybody. */
	ownerSeq: number | null;
	name: string;
	about: DatasetAbout;
	/** Which of the project's own it is. */
	sample?: string;
	/** A source appends to it, so nobody publishes to it. */
	fed?: boolean;
	/** The directory where its files are to stay. */
	root?: string;
	by: Doer;
	now: number;
}

/** Makes a dataset without any version inside somebody's transaction; gives its seq. Throws `name-taken`. */
export const prepareCreateDataset = (db: Database): ((dataset: NewDatasetRow) => number) => {
	const count = db.prepare(`SELECT count(*) FROM datasets WHERE owner_seq = ? AND state <> 'retired'`).pluck();
	const taken = db.prepare(`SELECT 1 FROM datasets WHERE name = ? AND state <> 'retired'`).pluck();
	const insert = db.prepare(
		`INSERT INTO datasets (id, owner_seq, name, title, description, licence_name, licence_text, everyone, state, sample, fed,
		                       root, created_at, updated_at)
		 VALUES (@id, @ownerSeq, @name, @title, @description, @licenceName, @licenceText, @everyone, 'ready', @sample, @fed,
		         @root, @now, @now)`,
	);
	const audit = prepareAudit(db);
	return ({ id, ownerSeq, name, about, sample = null, fed = false, root = null, by, now }) => {
		if (ownerSeq !== null && (count.get(ownerSeq) as number) >= MOST_DATASETS) {
			throw new CodedError('too-many-things', `You have ${MOST_DATASETS} datasets; delete one first.`);
		}
		if (taken.get(name) !== undefined) {
			throw new CodedError('name-taken', `There is a dataset ${name} already; choose another name.`);
		}
		const { title, description, licence } = about;
		const licences = { licenceName: licence.name, licenceText: licence.text };
		const everyone = ownerSeq === null ? 1 : 0;
		const row = { id, ownerSeq, name, title, description, ...licences, everyone, sample, fed: fed ? 1 : 0, root, now };
		const seq = Number(insert.run(row).lastInsertRowid);
		audit({
			at: now,
			...by,
			action: 'dataset.create',
			object: id,
			outcome: 'done',
			detail: { name, ...(root === null ? {} : { root }) },
		});
		return seq;
	};
};

/** Makes a dataset, and begins its first version unless it is to be empty. */
export const createDataset = writeOperation('datasets.create', (db) => {
	const create = prepareCreateDataset(db);
	const begin = prepareBeginPublication(db);
	const require = prepareRequireReadable(db);
	return (args: NewDatasetRow & { readerSeq: number; source: PublicationSource | null }): DatasetRow => {
		const { source, readerSeq, id, by, now } = args;
		const seq = create(args);
		if (source) begin({ seq, source, note: '', by, now });
		return require(readerSeq, id);
	};
});

/** A sample that was there once, also one that somebody has deleted since, is not made again. */
export const createSample = writeOperation('datasets.create-sample', (db) => {
	const known = db
		.prepare(`SELECT 1 FROM datasets WHERE sample = @sample OR (name = @name AND state <> 'retired')`)
		.pluck();
	const create = prepareCreateDataset(db);
	const begin = prepareBeginPublication(db);
	return (dataset: NewDatasetRow & { sample: string }): boolean => {
		const { sample, name, by, now } = dataset;
		if (known.get({ sample, name }) !== undefined) return false;
		begin({ seq: create(dataset), source: { sample }, note: '', by, now });
		return true;
	};
});

export const changeDataset = writeOperation('datasets.change', (db) => {
	const require = prepareRequireReadable(db);
	const update = db.prepare(
		`UPDATE datasets SET title = @title, description = @description, licence_name = @licenceName,
		   licence_text = @licenceText, licence_version = @licenceVersion, revision = revision + 1, updated_at = @now
		 WHERE seq = @seq`,
	);
	const audit = prepareAudit(db);
	return (args: {
		readerSeq: number;
		ref: string;
		change: DatasetChange;
		condition: VersionCondition;
		by: Doer;
		now: number;
	}): DatasetRow => {
		const { readerSeq, ref, change, by, now } = args;
		const row = require(readerSeq, ref);
		requireVersion(args.condition, row.revision);
		const { licence = { name: row.licenceName, text: row.licenceText } } = change;
		update.run({
			seq: row.seq,
			title: change.title ?? row.title,
			description: change.description ?? row.description,
			licenceName: licence.name,
			licenceText: licence.text,
			// Whoever accepted another text has not accepted this one.
			licenceVersion: row.licenceVersion + (licence.text === row.licenceText ? 0 : 1),
			now,
		});
		const { title = row.title, description = row.description } = change;
		const after = about({ title, description, licenceName: licence.name });
		const detail = { name: row.name, changed: Object.keys(change), before: about(row), after };
		audit({ at: now, ...by, action: 'dataset.change', object: row.id, outcome: 'done', detail });
		return require(readerSeq, row.id);
	};
});

/** What is audited of how it is described. */
const about = ({ title, description, licenceName }: Pick<DatasetRow, 'title' | 'description' | 'licenceName'>) => ({
	...{ title, licence: licenceName },
	description: description.slice(0, 500),
});

/** A page of versions, newest first. */
export const listDatasetVersions = readOperation('datasets.list-versions', (db) => {
	const require = prepareRequireReadable(db);
	const select = db.prepare(
		`SELECT number AS version, at, coalesce((SELECT username FROM users WHERE id = by), by) AS by, note, files, bytes
		 FROM dataset_versions
		 WHERE dataset_seq = ? AND number < ? ORDER BY number DESC LIMIT ?`,
	);
	return (args: { readerSeq: number; ref: string; before: number | null; limit: number }) => {
		const { seq } = require(args.readerSeq, args.ref);
		const before = args.before ?? Number.MAX_SAFE_INTEGER;
		return select.all(seq, before, args.limit) as {
			version: number;
			at: number;
			by: string;
			note: string;
			files: number;
			bytes: number;
		}[];
	};
});
