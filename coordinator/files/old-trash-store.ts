import { readOperation } from '../database/operation.ts';
import type { EntryKind } from './entry-store.ts';

export interface TrashedEntry {
	kind: EntryKind;
	id: string;
	ownerSeq: number;
}

/** What was put into the trash before the instant, by whomever. */
export const findOldTrash = readOperation('files.find-old-trash', (db) => {
	const select = db.prepare(
		`SELECT 'file' AS kind, id, owner_seq AS ownerSeq FROM files WHERE trashed_at < @before
		 UNION ALL SELECT 'folder', id, owner_seq FROM folders WHERE trashed_at < @before LIMIT @limit`,
	);
	return (args: { before: number; limit: number }) => select.all(args) as TrashedEntry[];
});
