import type { Database } from 'better-sqlite3';
import type { Json } from '../../shared/protocol/json.ts';
import type { Filing } from '../../shared/protocol/result.ts';
import { prepareAudit } from '../audit/audit-store.ts';
import type { Doer } from '../audit/doer.ts';
import { NO_CONDITION } from '../files/condition.ts';
import type { FileChange } from '../files/file-events.ts';
import { freeName } from '../files/free-name.ts';
import type { Quota } from '../files/quota-store.ts';
import { checkPathLimits, parsePath } from '../files/safe-path.ts';
import { prepareTree } from '../files/tree-store.ts';
import { prepareAddVersion } from '../files/version-store.ts';
import type { StoredInput } from '../queue/open-task.ts';
import { prepareTellFiled } from '../recipes/filed-store.ts';
import { fileName } from './file-namer.ts';
import type { MadeBy } from './provenance-record.ts';
import { prepareProvenance } from './provenance-store.ts';

/** An output that has been put into the blob store. */
export interface OutputToFile {
	name: string;
	sha256: string;
	size: number;
	/** What its first bytes say that it is; null when they do not say. */
	sniffed: string | null;
}

/** Where results go whose input is not in anybody's folder any more. */
const ELSEWHERE = ['Results'];

interface One {
	task: { seq: number; ownerSeq: number };
	by: Doer;
	now: number;
	filing: Filing;
	template: string;
	made: MadeBy;
	output: OutputToFile;
	quota: Quota | null;
	result: Record<string, Json>;
}

interface FiledOne {
	fileSeq: number;
	version: number;
	file: FileChange;
}

/** Files one output, whole or not at all. Throws what its owner can do something about as a CodedError. */
export const prepareFileOne = (db: Database): ((one: One) => FiledOne) => {
	const addVersion = prepareAddVersion(db);
	const provenance = prepareProvenance(db);
	const placeOf = prepareFolderOf(db);
	const tree = prepareTree(db);
	const tell = prepareTellFiled(db);
	const audit = prepareAudit(db);

	const file = ({ task, by, now, filing, template, made, output, quota, result }: One): FiledOne => {
		const { ownerSeq } = task;
		const { origin, inputs, type } = made;
		const [first] = inputs;
		const folder = placeOf(ownerSeq, filing, first ?? null);
		const input = first ? first.path.slice(first.path.lastIndexOf('/') + 1) : null;
		const wanted = fileName(filing.name ?? template, { input, output: output.name, type, at: now, result });
		checkPathLimits([...folder, wanted]);
		const folderSeq = tree.findFolder(ownerSeq, folder);
		const isTaken = (name: string): boolean =>
			folderSeq !== null &&
			tree.takenBy(ownerSeq, folderSeq, name) !== null &&
			!(filing.conflict === 'version' && provenance.isOfSame(folderSeq, name, made, output.name));
		const names = [...folder, isTaken(wanted) ? freeName(wanted, isTaken) : wanted];
		const { sha256, size } = output;
		const added = addVersion({ ownerSeq, names, sha256, size, now, condition: NO_CONDITION, quota });
		provenance.write({ fileSeq: added.fileSeq, version: added.version, taskSeq: task.seq, made, output: output.name });
		tell({ ...added, ownerSeq, mediaType: output.sniffed, origin, now });
		audit({
			...{ at: now, ...by, action: 'file.result', object: added.fileId, outcome: 'done' },
			detail: { path: added.path, version: added.version, sha256, size, task: made.task },
		});
		const { fileId: id, revision, path, fileSeq, version } = added;
		return { fileSeq, version, file: { ownerSeq, id, revision, path, gone: false } };
	};
	// A savepoint within the settlement: one output that cannot be filed leaves nothing of itself.
	return db.transaction(file);
};

/** The names of the folder that results go to. */
const prepareFolderOf = (db: Database) => {
	const tree = prepareTree(db);
	const present = db.prepare(
		'SELECT folder_seq AS folderSeq FROM files WHERE seq = ? AND owner_seq = ? AND trashed_at IS NULL',
	);
	const nameOf = db.prepare('SELECT name FROM datasets WHERE id = ?').pluck();
	return (ownerSeq: number, filing: Filing, input: StoredInput | null): string[] => {
		if (filing.place === 'folder') return parsePath(filing.folder ?? '/');
		if (input?.dataset !== undefined) {
			// Beside it nobody may write: a folder of the same shape stands for the dataset.
			const name = nameOf.get(input.dataset) as string | undefined;
			const folders = parsePath(input.path).slice(0, -1);
			return name === undefined ? ELSEWHERE : [...ELSEWHERE, name, ...folders];
		}
		// Where it is now: it may have been moved since the task was made.
		const row = input && (present.get(input.fileSeq, ownerSeq) as { folderSeq: number } | undefined);
		const place = row ? tree.placeOf(row.folderSeq) : null;
		return place === null || place.trashedAt !== null ? ELSEWHERE : parsePath(place.path);
	};
};
