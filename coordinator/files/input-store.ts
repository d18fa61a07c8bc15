import type { FileInput } from '../../shared/protocol/task.ts';
import { readOperation } from '../database/operation.ts';
import { childPath } from './safe-path.ts';
import { prepareTree } from './tree-store.ts';

/** An input as pinned when a task is made: later versions of the file do not change it. */
export interface StoredInput {
	file: string;
	fileSeq: number;
	path: string;
	version: number;
	sha256: string;
	size: number;
}

/** With the type that its content was found to have; null when that is not known yet. */
export type FoundInput = StoredInput & { mimetype: string | null };

/** Pins inputs to versions and content; null for those that are not there, another person's, or in the trash. */
export const resolveInputs = readOperation('files.resolve-inputs', (db) => {
	const tree = prepareTree(db);
	const find = db.prepare(
		`SELECT f.seq AS fileSeq, f.folder_seq AS folderSeq, f.name, v.number AS version,
		        lower(hex(b.sha256)) AS sha256, b.size, v.facts ->> '$.mimetype' AS mimetype
		 FROM files f JOIN file_versions v ON v.file_seq = f.seq JOIN blobs b ON b.seq = v.blob_seq
		 WHERE f.id = @file AND f.owner_seq = @ownerSeq AND f.trashed_at IS NULL
		 AND v.number = coalesce(@version, f.version)`,
	);
	return (args: { ownerSeq: number; inputs: readonly FileInput[] }): (FoundInput | null)[] => {
		// Batches often take many files of one folder.
		const places = new Map<number, ReturnType<typeof tree.placeOf>>();
		return args.inputs.map(({ file, version }) => {
			const row = find.get({ file, ownerSeq: args.ownerSeq, version: version ?? null }) as
				| (Omit<FoundInput, 'file' | 'path'> & { folderSeq: number; name: string })
				| undefined;
			if (!row) return null;
			const { folderSeq, name, ...pinned } = row;
			if (!places.has(folderSeq)) places.set(folderSeq, tree.placeOf(folderSeq));
			const place = places.get(folderSeq);
			if (!place || place.trashedAt !== null) return null;
			return { file, path: childPath(place.path, name), ...pinned };
		});
	};
});
