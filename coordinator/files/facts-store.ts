import type { Database } from 'better-sqlite3';
import type { Json } from '../../shared/protocol/json.ts';
import { prepareReferBlob, prepareReleaseBlob } from './blob-row-store.ts';
import type { FileChange } from './file-events.ts';
import { childPath } from './safe-path.ts';
import { prepareTree } from './tree-store.ts';

/** What has become known about a version of a file. */
export interface NewFacts {
	fileSeq: number;
	version: number;
	/** Merged over what is known: a fact of the same name is replaced. */
	facts?: Record<string, Json>;
	/** Takes the place of the one before. The bytes must be kept. */
	thumbnail?: { sha256: string; size: number; mediaType: string };
}

/** Stores facts inside somebody's transaction; null, and nothing is stored, when the version is gone. */
export const prepareFileFacts = (db: Database): ((facts: NewFacts, now?: number) => FileChange | null) => {
	const tree = prepareTree(db);
	const refer = prepareReferBlob(db);
	const release = prepareReleaseBlob(db);
	const findVersion = db.prepare(
		'SELECT facts, thumbnail_blob_seq AS thumbnail FROM file_versions WHERE file_seq = ? AND number = ?',
	);
	const setFacts = db.prepare('UPDATE file_versions SET facts = ? WHERE file_seq = ? AND number = ?');
	const setThumbnail = db.prepare(
		'UPDATE file_versions SET thumbnail_blob_seq = ?, thumbnail_type = ? WHERE file_seq = ? AND number = ?',
	);
	const raise = db.prepare(
		`UPDATE files SET revision = revision + 1 WHERE seq = ?
		 RETURNING id, owner_seq, folder_seq, name, revision, trashed_at, trashed_from`,
	);

	return ({ fileSeq, version, facts, thumbnail }, now = Date.now()) => {
		const there = findVersion.get(fileSeq, version) as { facts: string; thumbnail: number | null } | undefined;
		if (!there) return null;
		if (facts) setFacts.run(JSON.stringify({ ...(JSON.parse(there.facts) as object), ...facts }), fileSeq, version);
		if (thumbnail) {
			setThumbnail.run(refer(thumbnail.sha256, thumbnail.size), thumbnail.mediaType, fileSeq, version);
			if (there.thumbnail !== null) release(there.thumbnail, now);
		}
		const file = raise.get(fileSeq) as {
			id: string;
			owner_seq: number;
			folder_seq: number;
			name: string;
			revision: number;
			trashed_at: number | null;
			trashed_from: string | null;
		};
		const place = file.trashed_at === null ? tree.placeOf(file.folder_seq) : null;
		return {
			ownerSeq: file.owner_seq,
			id: file.id,
			revision: file.revision,
			path: place ? childPath(place.path, file.name) : file.trashed_from,
			gone: place === null || place.trashedAt !== null,
		};
	};
};
