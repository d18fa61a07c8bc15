import type { Database } from 'better-sqlite3';
import { CodedError } from '../../shared/coded-error.ts';
import { readOperation } from '../database/operation.ts';
import { type DatasetRow, SELECT_DATASET } from './dataset-row.ts';

/** The groups that a person is in, and those that they lie in: who is in an inner group is in the outer ones too. */
const GROUPS_OF_READER = `groups_of_reader (seq) AS (
	SELECT group_seq FROM group_members WHERE user_seq = @reader
	UNION SELECT g.parent_seq FROM groups g JOIN groups_of_reader i ON i.seq = g.seq WHERE g.parent_seq IS NOT NULL)`;

/** Who may read a dataset; the one place that says so. Of `d`, for `@reader`. */
const MAY_READ = `d.state <> 'retired' AND (d.everyone = 1 OR d.owner_seq = @reader
	OR EXISTS (SELECT 1 FROM users u WHERE u.seq = @reader AND u.role = 'administrator')
	OR EXISTS (SELECT 1 FROM dataset_grants t WHERE t.dataset_seq = d.seq AND t.user_seq = @reader)
	OR EXISTS (SELECT 1 FROM dataset_grants t JOIN groups_of_reader r ON r.seq = t.group_seq WHERE t.dataset_seq = d.seq))`;

const READABLE = `WITH RECURSIVE ${GROUPS_OF_READER} ${SELECT_DATASET} WHERE ${MAY_READ}`;

/** A dataset by name or id as this person sees it; null when it is not there, or not for this person. */
export const prepareFindReadable = (db: Database): ((readerSeq: number, ref: string) => DatasetRow | null) => {
	const find = db.prepare(`${READABLE} AND (d.id = @ref OR d.name = @ref)`);
	return (reader, ref) => (find.get({ reader, ref }) as DatasetRow | undefined) ?? null;
};

export const notFound = (ref: string): CodedError =>
	new CodedError('not-found', `There is no dataset ${ref}, or it is not shared with you.`);

/** Throws `not-found` for what one may not read. */
export const prepareRequireReadable = (db: Database): ((readerSeq: number, ref: string) => DatasetRow) => {
	const find = prepareFindReadable(db);
	return (readerSeq, ref) => {
		const row = find(readerSeq, ref);
		if (!row) throw notFound(ref);
		return row;
	};
};

/** Throws `licence-not-accepted` unless the person has accepted the licence as it is now, or there is none to accept. */
export const requireLicence = ({ name, licenceName, accepted, isOwn, licenceVersion }: DatasetRow): void => {
	if (accepted === 1 || isOwn === 1) return;
	throw new CodedError(
		'licence-not-accepted',
		`The dataset ${name} comes with a licence${licenceName === '' ? '' : ` (${licenceName})`}. Read and accept it first: millrace datasets accept ${name}, or POST …/datasets/${name}:accept {"licenceVersion": ${licenceVersion}}.`,
	);
};

/** Throws `not-found` unless the dataset has such a version, and gives its number; null means the newest. */
export const versionOf = ({ name, version }: DatasetRow, wanted: number | null): number => {
	if (version === 0) throw new CodedError('not-found', `The dataset ${name} has no version yet.`);
	if (wanted === null) return version;
	if (wanted <= version) return wanted;
	throw new CodedError('not-found', `The dataset ${name} has no version ${wanted}; the newest is ${version}.`);
};

export const readDataset = readOperation('datasets.read', (db) => {
	const require = prepareRequireReadable(db);
	return ({ readerSeq, ref }: { readerSeq: number; ref: string }): DatasetRow => require(readerSeq, ref);
});

/** Those that a person may read, by name. */
export const listDatasets = readOperation('datasets.list', (db) => {
	const select = db.prepare(`${READABLE} AND d.name > @after ORDER BY d.name LIMIT @limit`);
	return (args: { readerSeq: number; after: string; limit: number }): DatasetRow[] =>
		select.all({ reader: args.readerSeq, after: args.after, limit: args.limit }) as DatasetRow[];
});
