import type { Database } from 'better-sqlite3';
import { readOperation } from '../database/operation.ts';
import type { EntryKind } from './entry-store.ts';

export interface TrashedEntry {
	kind: EntryKind;
	id: string;
	ownerSeq: number;
	trashedAt: number;
	seq: number;
}

const prepareOldTrash = (db: Database, kind: EntryKind) =>
	db.prepare(
		`SELECT '${kind}' AS kind, id, owner_seq AS ownerSeq, trashed_at AS trashedAt, seq FROM ${kind}s
		 WHERE trashed_at < @before AND (owner_seq, trashed_at, seq) > (@ownerSeq, @trashedAt, @seq)
		 ORDER BY owner_seq, trashed_at, seq LIMIT @limit`,
	);

/** One page of what was put into the trash before the instant, by whomever; `after` is the last one of the page before. */
export const findOldTrash = readOperation('files.find-old-trash', (db) => {
	const select = { file: prepareOldTrash(db, 'file'), folder: prepareOldTrash(db, 'folder') };
	return (args: { kind: EntryKind; before: number; after: TrashedEntry | null; limit: number }): TrashedEntry[] => {
		const { kind, before, after, limit } = args;
		const { ownerSeq, trashedAt, seq } = after ?? { ownerSeq: 0, trashedAt: 0, seq: 0 };
		return select[kind].all({ before, limit, ownerSeq, trashedAt, seq }) as TrashedEntry[];
	};
});
