import type { Database } from 'better-sqlite3';
import type { ProvenanceRecord } from '../../shared/protocol/provenance.ts';
import type { TaskState } from '../../shared/protocol/task.ts';
import { readOperation } from '../database/operation.ts';
import { childPath } from '../files/safe-path.ts';
import { prepareTree } from '../files/tree-store.ts';
import { type MadeBy, provenanceRecord, sha256 } from './provenance-record.ts';

/** What was worked on: the first file, of a dataset's files by its path; without one, whatever the parameters say. */
const firstOf = ({ inputs: [first], parameters }: MadeBy): string =>
	first === undefined ? `parameters ${sha256(parameters)}` : (first.file ?? `${first.dataset}${first.path}`);

/** Writes down how versions were made, inside somebody's transaction. */
export const prepareProvenance = (db: Database) => {
	const insert = db.prepare(
		`INSERT INTO provenance VALUES (@fileSeq, @version, (SELECT owner_seq FROM files WHERE seq = @fileSeq), @at,
		   @taskSeq, (SELECT job_seq FROM tasks WHERE seq = @taskSeq), @output, @recipe, @recipeVersion, @step, @type,
		   @firstInput, @lineage, @record)`,
	);
	const newest = db.prepare(
		`SELECT 1 FROM files f JOIN provenance p ON p.file_seq = f.seq AND p.version = f.version
		 WHERE f.folder_seq = @folderSeq AND f.name = @name AND f.owner_seq = (SELECT seq FROM users WHERE id = @owner)
		 AND f.trashed_at IS NULL AND p.type = @type AND p.first_input IS @firstInput AND p.recipe IS @recipe AND p.step IS @step
		 AND p.output = @output`,
	);
	const keyOf = (made: MadeBy) => ({
		type: made.type,
		firstInput: firstOf(made),
		recipe: made.origin.recipe,
		step: made.origin.step,
	});
	return {
		write({ made, ...row }: { fileSeq: number; version: number; taskSeq: number; made: MadeBy; output: string }): void {
			insert.run({
				...row,
				at: made.finishedAt,
				...keyOf(made),
				recipeVersion: made.origin.recipeVersion,
				lineage: JSON.stringify(made.origin.lineage),
				record: JSON.stringify(provenanceRecord(made, row.output)),
			});
		},
		/**
		 * Whether the newest version of the file with that name is the same output of the same work on the same file. Only
		 * then the next one is a version of it: nobody's own file is written over, nor another result.
		 */
		isOfSame: (folderSeq: number, name: string, made: MadeBy, output: string): boolean =>
			newest.get({ folderSeq, name, owner: made.by.id, output, ...keyOf(made) }) !== undefined,
	};
};

/** A version with what is known of how it was made, and what was made of it. */
export interface ProvenanceRow {
	ownerSeq: number;
	id: string;
	/** Null: it is in the trash. */
	path: string | null;
	version: number;
	sha256: string;
	size: number;
	made: ProvenanceRecord | null;
	usedBy: { id: string; type: string; state: TaskState; createdAt: number }[];
	results: { file: string; name: string; version: number; task: string }[];
}

interface FoundVersion extends Pick<ProvenanceRow, 'ownerSeq' | 'id' | 'version' | 'sha256' | 'size'> {
	fileSeq: number;
	folderSeq: number;
	name: string;
	trashedAt: number | null;
	record: string | null;
}

const MOST_TASKS = 50;
const MOST_RESULTS = 200;

/** Null when there is no such file or version. */
export const readProvenance = readOperation('results.read-provenance', (db) => {
	const find = db.prepare(
		`SELECT f.owner_seq AS ownerSeq, f.id, f.seq AS fileSeq, f.folder_seq AS folderSeq, f.name, f.trashed_at AS trashedAt,
		        v.number AS version, lower(hex(b.sha256)) AS sha256, b.size, p.record
		 FROM files f JOIN file_versions v ON v.file_seq = f.seq JOIN blobs b ON b.seq = v.blob_seq
		 LEFT JOIN provenance p ON p.file_seq = f.seq AND p.version = v.number
		 WHERE f.id = @id AND v.number = coalesce(@version, f.version)`,
	);
	const used = db.prepare(
		`SELECT t.seq, t.id, y.name AS type, t.state, t.created_at AS createdAt
		 FROM tasks t JOIN task_types y ON y.seq = t.type_seq
		 WHERE t.file_seq = ? AND t.owner_seq = ? AND t.inputs ->> '$[0].version' = ? ORDER BY t.seq DESC LIMIT ${MOST_TASKS}`,
	);
	const results = db.prepare(
		`SELECT f.id AS file, f.name, p.version FROM provenance p JOIN files f ON f.seq = p.file_seq
		 WHERE p.task_seq = ? AND f.trashed_at IS NULL ORDER BY f.name LIMIT ${MOST_RESULTS}`,
	);
	const tree = prepareTree(db);
	return (args: { id: string; version: number | null }): ProvenanceRow | null => {
		const row = find.get(args) as FoundVersion | undefined;
		if (!row) return null;
		const { record, fileSeq, folderSeq, name, trashedAt, ...version } = row;
		const place = trashedAt === null ? tree.placeOf(folderSeq) : null;
		const isThere = place !== null && place.trashedAt === null;
		const tasks = used.all(fileSeq, row.ownerSeq, row.version) as (ProvenanceRow['usedBy'][number] & { seq: number })[];
		const made = tasks.flatMap(({ seq, id }) =>
			(results.all(seq) as Omit<ProvenanceRow['results'][number], 'task'>[]).map((one) => ({ ...one, task: id })),
		);
		return {
			...version,
			path: isThere ? childPath(place.path, name) : null,
			made: record === null ? null : (JSON.parse(record) as ProvenanceRecord),
			usedBy: tasks.map(({ seq: _, ...task }) => task),
			results: made.slice(0, MOST_RESULTS),
		};
	};
});
