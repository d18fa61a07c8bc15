import type { Database } from 'better-sqlite3';
import type { TaskState } from '../../shared/protocol/task.ts';
import type { FiringState } from '../../shared/protocol/trigger.ts';
import { readOperation } from '../database/operation.ts';
import { prepareTree } from '../files/tree-store.ts';
import { statusName } from './status-name.ts';

/** A recipe that has an inbox. */
export interface InboxRecipe {
	seq: number;
	id: string;
	name: string;
}

/** A file in an inbox. */
export interface InboxFile {
	seq: number;
	version: number;
	name: string;
	size: number;
	/** Null until it has been found out. */
	mediaType: string | null;
}

/** How far the recipes of an inbox are with a version of a file. */
export interface InboxStatus {
	file: InboxFile;
	/** Those of the recipes, with what became of their outputs (to see whether it is other than before), in the order in which they were made. */
	tasks: { id: string; state: TaskState; version: number; finishedAt: number | null; filings: string }[];
	/** What became of the triggers, without those that have just done their work. */
	firings: { state: FiringState; reason: string | null; at: number }[];
	/** When tasks were begun that are no longer kept; null: none were. */
	forgottenAt: number | null;
	/** Until when nothing starts, because a client may not be done with it; null: it does not wait for that. */
	heldUntil: number | null;
}

/** All of a person's, as few as one may have. */
export const findInboxes = readOperation('drive.find-inboxes', (db) => {
	const select = db.prepare('SELECT seq, id, name FROM recipes WHERE owner_seq = ? ORDER BY seq');
	return ({ ownerSeq }: { ownerSeq: number }): InboxRecipe[] => select.all(ownerSeq) as InboxRecipe[];
});

/** Most tasks of a file that are told about. */
const MOST_TASKS = 20;

interface Found {
	fileSeq: number;
}

/** Of many files by one query for each kind of thing. `files` is JSON: [seq, version] of each. */
const prepareFindings = (db: Database) => {
	const tasks = db.prepare(
		`SELECT t.file_seq AS fileSeq, t.id, t.state, t.version, t.finished_at AS finishedAt,
		   (SELECT json_group_array(json_array(name, file_seq, version, reason)) FROM filings WHERE task_seq = t.seq) AS filings
		 FROM json_each(@files) f JOIN tasks t ON t.seq IN (
		   SELECT n.seq FROM tasks n JOIN task_origins o ON o.task_seq = n.seq
		   WHERE n.file_seq = f.value ->> 0 AND n.inputs ->> '$[0].version' = f.value ->> 1
		     AND o.recipe IN (SELECT value ->> 'id' FROM json_each(@recipes))
		   ORDER BY n.seq DESC LIMIT ${MOST_TASKS})
		 ORDER BY t.seq`,
	);
	// The inbox's own trigger has no row; its number is that of its recipe, less than none.
	const firings = db.prepare(
		`SELECT g.file_seq AS fileSeq, g.state, g.reason, g.at
		 FROM json_each(@files) f JOIN trigger_firings g ON g.file_seq = f.value ->> 0 AND g.version = f.value ->> 1
		 WHERE (g.state <> 'fired' OR g.reason IS NOT NULL) AND g.trigger_seq IN (
		   SELECT -(value ->> 'seq') FROM json_each(@recipes) UNION ALL
		   SELECT t.seq FROM json_each(@recipes) r JOIN triggers t ON t.recipe_seq = r.value ->> 'seq')
		 ORDER BY g.seq`,
	);
	const forgotten = db.prepare(
		`SELECT g.file_seq AS fileSeq, max(g.at) AS at
		 FROM json_each(@files) f JOIN trigger_firings g ON g.file_seq = f.value ->> 0 AND g.version = f.value ->> 1
		 WHERE g.forgotten > 0 GROUP BY g.file_seq`,
	);
	const unsettled = db.prepare(
		`SELECT u.file_seq AS fileSeq, u.due_at AS dueAt
		 FROM json_each(@files) f JOIN unsettled_files u ON u.file_seq = f.value ->> 0`,
	);
	return (files: string, recipes: string) => ({
		tasks: group(tasks.all({ files, recipes }) as (Found & InboxStatus['tasks'][number])[]),
		firings: group(firings.all({ files, recipes }) as (Found & InboxStatus['firings'][number])[]),
		forgotten: group(forgotten.all({ files }) as (Found & { at: number })[]),
		unsettled: group(unsettled.all({ files }) as (Found & { dueAt: number })[]),
	});
};

const group = <T extends Found>(rows: readonly T[]): Map<number, Omit<T, 'fileSeq'>[]> => {
	const byFile = new Map<number, Omit<T, 'fileSeq'>[]>();
	for (const { fileSeq, ...row } of rows) {
		const of = byFile.get(fileSeq);
		if (of) of.push(row);
		else byFile.set(fileSeq, [row]);
	}
	return byFile;
};

/**
 * How far the recipes are with some files of a folder. What tasks have put beside their inputs has no status, and none is
 * told in the place of a thing of that name.
 */
export const readStatuses = readOperation('drive.read-statuses', (db) => {
	const tree = prepareTree(db);
	const findingsOf = prepareFindings(db);
	const results = db
		.prepare(
			`SELECT p.file_seq FROM json_each(?) f JOIN provenance p ON p.file_seq = f.value ->> 0 AND p.version = f.value ->> 1`,
		)
		.pluck();
	const named = 'name IN (SELECT value FROM json_each(@names)) AND trashed_at IS NULL';
	const taken = db
		.prepare(
			`SELECT name FROM files WHERE owner_seq = @ownerSeq AND folder_seq = @folder AND ${named}
			 UNION ALL SELECT name FROM folders WHERE owner_seq = @ownerSeq AND parent_seq = @folder AND ${named}`,
		)
		.pluck();
	return (args: {
		ownerSeq: number;
		folder: readonly string[];
		files: readonly InboxFile[];
		recipes: readonly InboxRecipe[];
	}): InboxStatus[] => {
		const { ownerSeq } = args;
		const folder = tree.findFolder(ownerSeq, args.folder);
		if (folder === null) return [];
		const ofFiles = (files: readonly InboxFile[]) => JSON.stringify(files.map(({ seq, version }) => [seq, version]));
		const names = JSON.stringify(args.files.map(({ name }) => statusName(name)));
		const hidden = new Set(taken.all({ ownerSeq, folder, names }));
		const made = new Set(results.all(ofFiles(args.files)));
		const files = args.files.filter(({ seq, name }) => {
			const own = statusName(name);
			return own !== null && !hidden.has(own) && !made.has(seq);
		});
		const { tasks, firings, forgotten, unsettled } = findingsOf(ofFiles(files), JSON.stringify(args.recipes));
		return files.map((file) => ({
			file,
			tasks: tasks.get(file.seq) ?? [],
			firings: firings.get(file.seq) ?? [],
			forgottenAt: forgotten.get(file.seq)?.[0]?.at ?? null,
			heldUntil: unsettled.get(file.seq)?.[0]?.dueAt ?? null,
		}));
	};
});
