import { CodedError } from '../../shared/coded-error.ts';
import { readOperation } from '../database/operation.ts';
import { prepareRequireFolder } from './list-store.ts';
import { parsePath } from './safe-path.ts';
import type { WalkFile } from './walk-store.ts';

/** Some of a person's files and folders, by their rows: where they are moved to meanwhile does not matter. */
export interface Selection {
	files: readonly number[];
	folders: readonly { seq: number; name: string }[];
}

/** Throws `not-found` for what is not there, or not this person's. */
export const findSelection = readOperation('files.find-selection', (db) => {
	const file = db.prepare('SELECT seq FROM files WHERE id = ? AND owner_seq = ? AND trashed_at IS NULL').pluck();
	const requireFolder = prepareRequireFolder(db);
	return (args: { ownerSeq: number; files: readonly string[]; folders: readonly string[] }): Selection => {
		const files = [...new Set(args.files)].map((id) => {
			const seq = file.get(id, args.ownerSeq) as number | undefined;
			if (seq === undefined) throw new CodedError('not-found', `There is no file ${id}.`);
			return seq;
		});
		const folders = new Map(
			args.folders.map((path) => {
				const names = parsePath(path);
				const seq = requireFolder(args.ownerSeq, names);
				return [seq, { seq, name: names.at(-1) ?? '' }] as const;
			}),
		);
		return { files, folders: [...folders.values()] };
	};
});

/** The files of a selection as they are now. Throws `not-found` when something of it was destroyed meanwhile. */
export const readSelectedFiles = readOperation('files.read-selected', (db) => {
	const files = db.prepare(
		`SELECT f.seq, f.name, lower(hex(b.sha256)) AS sha256, b.size, f.modified_at AS modifiedAt
		 FROM json_each(@seqs) j JOIN files f ON f.seq = j.value
		 JOIN file_versions v ON v.file_seq = f.seq AND v.number = f.version JOIN blobs b ON b.seq = v.blob_seq
		 WHERE f.owner_seq = @ownerSeq ORDER BY f.name, f.seq`,
	);
	const folders = db
		.prepare('SELECT count(*) FROM json_each(@seqs) j JOIN folders f ON f.seq = j.value WHERE f.owner_seq = @ownerSeq')
		.pluck();
	return ({ ownerSeq, selection }: { ownerSeq: number; selection: Selection }): WalkFile[] => {
		const found = files.all({ seqs: JSON.stringify(selection.files), ownerSeq }) as WalkFile[];
		// The root has no row.
		const rows = selection.folders.flatMap(({ seq }) => (seq === 0 ? [] : [seq]));
		const gone =
			selection.files.length -
			found.length +
			(rows.length - (folders.get({ seqs: JSON.stringify(rows), ownerSeq }) as number));
		if (gone === 0) return found;
		throw new CodedError('not-found', `Of what was chosen ${gone} were destroyed meanwhile; choose again.`);
	};
});
