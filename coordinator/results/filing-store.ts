import type { Database } from 'better-sqlite3';
import { CodedError } from '../../shared/coded-error.ts';
import type { Json } from '../../shared/protocol/json.ts';
import { type Filing, filingSchema } from '../../shared/protocol/result.ts';
import type { Manifest } from '../../shared/protocol/task-type.ts';
import { prepareAudit } from '../audit/audit-store.ts';
import { NO_CONDITION } from '../files/condition.ts';
import type { FileChange } from '../files/file-events.ts';
import { freeName } from '../files/free-name.ts';
import type { Quota } from '../files/quota-store.ts';
import { checkPathLimits, parsePath } from '../files/safe-path.ts';
import { prepareTree } from '../files/tree-store.ts';
import { prepareAddVersion } from '../files/version-store.ts';
import type { SettleItem } from '../queue/lease-store.ts';
import type { StoredInput } from '../queue/open-task.ts';
import type { TaskOrigin } from '../queue/task-origin-store.ts';
import { prepareTellFiled } from '../recipes/filed-store.ts';
import { fileName } from './file-namer.ts';
import type { MadeBy } from './provenance-record.ts';
import { prepareProvenance } from './provenance-store.ts';
import { templateOf } from './which-outputs.ts';

/** An output that has been put into the blob store. */
export interface OutputToFile {
	name: string;
	sha256: string;
	size: number;
	/** What its first bytes say that it is; null when they do not say. */
	sniffed: string | null;
}

/** A success whose outputs may become files. */
export interface ToFile {
	item: SettleItem;
	outputs: readonly OutputToFile[];
	/** What the owner's class gives; null: no limit. */
	quota: Quota | null;
	origin: TaskOrigin | null;
}

/** Where results go whose input is not in anybody's folder any more. */
const ELSEWHERE = ['Results'];

/**
 * Makes files of a task's outputs in the transaction that says that it has succeeded: with it or not at all, and once,
 * since only one attempt's token settles. What cannot be filed is written down with the reason, and stays with its task,
 * which has succeeded nevertheless. Gives the files that changed.
 */
export const prepareFiling = (db: Database): ((success: ToFile) => FileChange[]) => {
	const fileOne = prepareFileOne(db);
	const taskOf = db.prepare(
		`SELECT t.id AS task, t.parameters, t.inputs, y.name AS type, y.version AS typeVersion, y.manifest, u.id AS userId,
		        u.username, coalesce((SELECT name FROM nodes WHERE id = @node), @node) AS node
		 FROM tasks t JOIN task_types y ON y.seq = t.type_seq JOIN users u ON u.seq = t.owner_seq WHERE t.seq = @seq`,
	);
	const insert = db.prepare('INSERT INTO filings VALUES (@task, @name, @state, @fileSeq, @version, @reason, @at)');

	return ({ item, outputs, quota, origin }) => {
		const filing = filingSchema.safeParse(origin?.filing ?? { place: 'keep' });
		if (!origin || !filing.success || filing.data.place === 'keep') return [];
		const row = taskOf.get({ seq: item.seq, node: item.node }) as TaskRow;
		const manifest = JSON.parse(row.manifest) as Manifest;
		const { attempt, startedAt, finishedAt, usage } = item;
		const { task, type, typeVersion, parameters, node } = row;
		const inputs = JSON.parse(row.inputs) as StoredInput[];
		const by = { id: row.userId, name: row.username };
		const made = {
			task,
			type,
			typeVersion,
			parameters,
			node,
			by,
			origin,
			inputs,
			attempt,
			startedAt,
			finishedAt,
			usage,
		};
		const result = JSON.parse(item.result ?? '{}') as Record<string, Json>;
		const changes: FileChange[] = [];
		for (const output of outputs) {
			const template = templateOf(manifest, output.name);
			if (template === null) continue;
			const known = { task: item.seq, name: output.name, at: finishedAt };
			try {
				const change = fileOne({ item, filing: filing.data, template, made, output, quota, result });
				changes.push(change.file);
				insert.run({ ...known, state: 'filed', fileSeq: change.fileSeq, version: change.version, reason: null });
			} catch (error) {
				// The ledger's own trouble undoes all; what is the person's keeps the output with its task.
				if (!(error instanceof CodedError)) throw error;
				insert.run({ ...known, state: 'unfiled', fileSeq: null, version: null, reason: error.message.slice(0, 1000) });
			}
		}
		return changes;
	};
};

interface TaskRow {
	task: string;
	parameters: string;
	inputs: string;
	type: string;
	typeVersion: number;
	manifest: string;
	userId: string;
	username: string;
	node: string;
}

interface One {
	item: SettleItem;
	filing: Filing;
	template: string;
	made: MadeBy;
	output: OutputToFile;
	quota: Quota | null;
	result: Record<string, Json>;
}

/** Files one output, whole or not at all. */
const prepareFileOne = (db: Database) => {
	const addVersion = prepareAddVersion(db);
	const provenance = prepareProvenance(db);
	const placeOf = prepareFolderOf(db);
	const tree = prepareTree(db);
	const tell = prepareTellFiled(db);
	const audit = prepareAudit(db);

	const file = ({ item, filing, template, made, output, quota, result }: One) => {
		const { ownerSeq, finishedAt: now } = item;
		const { origin, inputs, type, by } = made;
		const [first] = inputs;
		const folder = placeOf(ownerSeq, filing, first ?? null);
		const input = first ? first.path.slice(first.path.lastIndexOf('/') + 1) : null;
		const wanted = fileName(filing.name ?? template, { input, output: output.name, type, at: now, result });
		checkPathLimits([...folder, wanted]);
		const folderSeq = tree.findFolder(ownerSeq, folder);
		const isTaken = (name: string): boolean =>
			folderSeq !== null &&
			tree.takenBy(ownerSeq, folderSeq, name) !== null &&
			!(filing.conflict === 'version' && name === wanted && provenance.isOfSame(folderSeq, name, made));
		const names = [...folder, isTaken(wanted) ? freeName(wanted, isTaken) : wanted];
		const { sha256, size } = output;
		const added = addVersion({ ownerSeq, names, sha256, size, now, condition: NO_CONDITION, quota });
		provenance.write({ fileSeq: added.fileSeq, version: added.version, taskSeq: item.seq, made, output: output.name });
		tell({ ...added, ownerSeq, mediaType: output.sniffed, origin, now });
		audit({
			...{ at: now, actor: by.id, address: '', action: 'file.result', object: added.fileId, outcome: 'done' },
			detail: { path: added.path, version: added.version, sha256, size, task: made.task },
		});
		const { fileId: id, revision, path, fileSeq, version } = added;
		return { fileSeq, version, file: { ownerSeq, id, revision, path, gone: false } satisfies FileChange };
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
	return (ownerSeq: number, filing: Filing, input: StoredInput | null): string[] => {
		if (filing.place === 'folder') return parsePath(filing.folder ?? '/');
		// Where it is now: it may have been moved since the task was made.
		const row = input && (present.get(input.fileSeq, ownerSeq) as { folderSeq: number } | undefined);
		const place = row ? tree.placeOf(row.folderSeq) : null;
		return place === null || place.trashedAt !== null ? ELSEWHERE : parsePath(place.path);
	};
};
