import { readOperation } from '../database/operation.ts';
import { SECTIONS } from './sections.ts';

/** Whose data. */
export interface Person {
	seq: number;
	/** Public id. */
	id: string;
}

/** Where the next page of a section begins. */
export type Place = readonly [by: number | string, within: number];

/** The next rows of a section as JSON; `next` null: that was all. */
export const readSection = readOperation('rights.read-section', (db) => {
	const sections = new Map(SECTIONS.map(({ name, sql, first }) => [name, { select: db.prepare(sql), first }]));
	return (args: { section: string; person: Person; place: Place | null; limit: number }) => {
		const { person, limit } = args;
		const { select, first } = sections.get(args.section)!;
		const [after, within] = args.place ?? [first, -1];
		const rows = select.all({ owner: person.seq, user: person.id, after, within, limit }) as Row[];
		const lines = rows.map(({ '@by': _, '@within': __, ...row }) => JSON.stringify(row));
		const last = rows.length < limit ? undefined : rows.at(-1);
		const next: Place | null = last === undefined ? null : [last['@by'], last['@within']];
		return { lines, next };
	};
});

type Row = { '@by': number | string; '@within': number } & Record<string, unknown>;

/** A version of a person's file that `files.walk` does not come to: an older one, or one in the trash. */
export interface OtherVersion {
	file: string;
	fileSeq: number;
	number: number;
	name: string;
	sha256: string;
	size: number;
	at: number;
}

/** The next ones, by file and number. */
export const readOtherVersions = readOperation('rights.read-other-versions', (db) => {
	const select = db.prepare(
		`SELECT f.id AS file, f.seq AS fileSeq, v.number, f.name, lower(hex(b.sha256)) AS sha256, b.size, v.created_at AS at
		 FROM files f JOIN file_versions v ON v.file_seq = f.seq JOIN blobs b ON b.seq = v.blob_seq
		 WHERE f.owner_seq = @ownerSeq AND (f.seq, v.number) > (@fileSeq, @number)
		   AND (v.number < f.version OR f.trashed_at IS NOT NULL)
		 ORDER BY f.seq, v.number LIMIT @limit`,
	);
	return (args: { ownerSeq: number; fileSeq: number; number: number; limit: number }) =>
		select.all(args) as OtherVersion[];
});
