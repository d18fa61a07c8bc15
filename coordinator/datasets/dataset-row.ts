import type { DatasetView } from '../../shared/protocol/dataset.ts';

/** A dataset as somebody (`@reader`) sees it. */
export interface DatasetRow {
	seq: number;
	id: string;
	ownerSeq: number | null;
	ownerId: string | null;
	ownerName: string | null;
	name: string;
	title: string;
	description: string;
	licenceName: string;
	licenceText: string | null;
	licenceVersion: number;
	version: number;
	files: number;
	bytes: number;
	everyone: number;
	state: DatasetView['state'];
	reason: string | null;
	revision: number;
	fed: number;
	/** Where its files lie; null: in the blob store. */
	root: string | null;
	missingSince: number | null;
	/** How many of the newest version were found to be changed where they lie. */
	changed: number;
	createdAt: number;
	updatedAt: number;
	/** 1: nothing to accept, or accepted. */
	accepted: number;
	isOwn: number;
	/** Null: no version is being made. */
	comingVersion: number | null;
	comingFiles: number;
	comingBytes: number;
}

export const SELECT_DATASET = `SELECT d.seq, d.id, d.owner_seq AS ownerSeq, o.id AS ownerId, o.username AS ownerName, d.name,
	d.title, d.description, d.licence_name AS licenceName, d.licence_text AS licenceText,
	d.licence_version AS licenceVersion, d.version, coalesce(v.files, 0) AS files, coalesce(v.bytes, 0) AS bytes,
	d.everyone, d.state, d.reason, d.revision, d.fed, d.root, d.missing_since AS missingSince,
	(SELECT count(*) FROM dataset_entries e WHERE e.dataset_seq = d.seq AND e.changed_at IS NOT NULL
	  AND +e.removed_in IS NULL) AS changed,
	d.created_at AS createdAt, d.updated_at AS updatedAt,
	(d.licence_text IS NULL OR EXISTS (SELECT 1 FROM licence_acceptances a
	  WHERE a.dataset_seq = d.seq AND a.licence_version = d.licence_version AND a.user_seq = @reader)) AS accepted,
	d.owner_seq IS @reader AS isOwn,
	p.number AS comingVersion, coalesce(p.files, 0) AS comingFiles, coalesce(p.bytes, 0) AS comingBytes
	FROM datasets d LEFT JOIN users o ON o.seq = d.owner_seq
	LEFT JOIN dataset_versions v ON v.dataset_seq = d.seq AND v.number = d.version
	LEFT JOIN dataset_publications p ON p.dataset_seq = d.seq`;

/** What its owner should know, the most urgent first. */
const reasonOf = ({ reason, missingSince, changed, name }: DatasetRow): string | null => {
	if (missingSince !== null) return 'Its directory is not there now: mount it again, or publish it from where it is.';
	if (reason !== null || changed === 0) return reason;
	const files = changed === 1 ? 'One file was' : `${changed} files were`;
	return `${files} changed in its directory: publish it again (millrace datasets publish ${name} --directory DIR).`;
};

const instant = (ms: number): string => new Date(ms).toISOString();

export const datasetView = (row: DatasetRow): DatasetView => {
	const { id, name, title, description, version, files, bytes, state, revision, root } = row;
	const owner = row.ownerId === null ? null : { id: row.ownerId, username: row.ownerName ?? '' };
	const { comingVersion, comingFiles, comingBytes } = row;
	const accepted = row.accepted === 1 || row.isOwn === 1;
	return {
		...{ id, name, title, description, owner, version, files, bytes, state, reason: reasonOf(row) },
		kind: root === null ? 'stored' : 'linked',
		licence: { name: row.licenceName, text: row.licenceText, version: row.licenceVersion, accepted },
		publishing: comingVersion === null ? null : { version: comingVersion, files: comingFiles, bytes: comingBytes },
		everyone: row.everyone === 1,
		revision,
		createdAt: instant(row.createdAt),
		updatedAt: instant(row.updatedAt),
	};
};
