import type { Database } from 'better-sqlite3';
import { z } from 'zod';
import type { FileVersion } from '../../shared/protocol/file.ts';
import type { Json } from '../../shared/protocol/json.ts';
import { readOperation } from '../database/operation.ts';
import { instant } from './view-store.ts';

/** The number of the last version that was listed. */
export const versionPositionSchema = z.number().int();

export interface ListedVersions {
	items: FileVersion[];
	/** Where the next page begins; null on the last one. */
	next: number | null;
}

interface VersionRow {
	number: number;
	size: number;
	sha256: string;
	createdAt: number;
	createdBy: string | null;
	facts: string;
}

/** One page of a file's versions, the newest first; `before` is the last one of the page before. */
export const prepareVersions = (db: Database) => {
	const select = db.prepare(
		`SELECT v.number, b.size, lower(hex(b.sha256)) AS sha256, v.created_at AS createdAt, u.username AS createdBy, v.facts
		 FROM file_versions v JOIN blobs b ON b.seq = v.blob_seq LEFT JOIN users u ON u.seq = v.created_by
		 WHERE v.file_seq = ? AND v.number < ? ORDER BY v.number DESC LIMIT ?`,
	);
	return (fileSeq: number, before: number | null, limit: number): ListedVersions => {
		// One more than asked for tells whether there is a next page.
		const rows = select.all(fileSeq, before ?? Number.MAX_SAFE_INTEGER, limit + 1) as VersionRow[];
		const items = rows.slice(0, limit).map((version) => ({
			...version,
			createdAt: instant(version.createdAt),
			createdBy: version.createdBy ?? '',
			facts: JSON.parse(version.facts) as Record<string, Json>,
		}));
		return { items, next: rows.length > limit ? (items.at(-1)?.number ?? null) : null };
	};
};

/** One page of a file's versions, also of one in the trash; null when the file is not there. */
export const listVersions = readOperation('files.list-versions', (db) => {
	const find = db.prepare('SELECT seq, owner_seq AS ownerSeq FROM files WHERE id = ?');
	const versionsOf = prepareVersions(db);
	return (args: {
		id: string;
		before: number | null;
		limit: number;
	}): (ListedVersions & { ownerSeq: number }) | null => {
		const file = find.get(args.id) as { seq: number; ownerSeq: number } | undefined;
		return file ? { ownerSeq: file.ownerSeq, ...versionsOf(file.seq, args.before, args.limit) } : null;
	};
});
