import type { Database } from 'better-sqlite3';
import { CodedError } from '../../shared/coded-error.ts';
import type { Json } from '../../shared/protocol/json.ts';
import { filingSchema } from '../../shared/protocol/result.ts';
import type { Manifest } from '../../shared/protocol/task-type.ts';
import type { FileChange } from '../files/file-events.ts';
import type { Quota } from '../files/quota-store.ts';
import { prepareHappening } from '../happenings/happening-store.ts';
import type { SettleItem } from '../queue/lease-store.ts';
import type { StoredInput } from '../queue/open-task.ts';
import { meteredIn, seenUsage } from '../queue/seen-usage.ts';
import type { TaskOrigin } from '../queue/task-origin-store.ts';
import { type OutputToFile, prepareFileOne } from './file-one-store.ts';
import { MOST_REASON, prepareNoteFiling } from './note-filing-store.ts';
import { templateOf } from './which-outputs.ts';

/** A success whose outputs may become files. */
export interface ToFile {
	item: SettleItem;
	outputs: readonly OutputToFile[];
	/** What the owner's class gives; null: no limit. */
	quota: Quota | null;
	origin: TaskOrigin | null;
}

/**
 * Makes files of a task's outputs in the transaction that says that it has succeeded: with it or not at all, and once,
 * since only one attempt's token settles. What cannot be filed is written down with the reason, and stays with its task,
 * which has succeeded nevertheless, and is told to its owner. Gives the files that changed.
 */
export const prepareFiling = (db: Database): ((success: ToFile) => FileChange[]) => {
	const fileOne = prepareFileOne(db);
	const taskOf = db.prepare(
		`SELECT t.id AS task, t.parameters, t.inputs, y.name AS type, y.version AS typeVersion, y.manifest, u.id AS userId,
		        u.username, coalesce((SELECT name FROM nodes WHERE id = @node), @node) AS node
		 FROM tasks t JOIN task_types y ON y.seq = t.type_seq JOIN users u ON u.seq = t.owner_seq WHERE t.seq = @seq`,
	);
	const note = prepareNoteFiling(db);
	const tell = prepareHappening(db);

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
			usage: seenUsage(meteredIn(usage)),
		};
		const result = JSON.parse(item.result ?? '{}') as Record<string, Json>;
		const changes: FileChange[] = [];
		for (const output of outputs) {
			const template = templateOf(manifest, output.name);
			if (template === null) continue;
			const known = { taskSeq: item.seq, name: output.name, at: finishedAt };
			try {
				const asked = { task: item, by: { actor: by.id, address: '' }, now: finishedAt, filing: filing.data };
				const { file, ...filed } = fileOne({ ...asked, template, made, output, quota, result });
				changes.push(file);
				note.filed({ ...known, ...filed });
			} catch (error) {
				// The ledger's own trouble undoes all; what is the person's keeps the output with its task.
				if (!(error instanceof CodedError)) throw error;
				note.unfiled({ ...known, reason: error.message });
				const detail = { reason: error.message.slice(0, MOST_REASON) };
				tell({ at: finishedAt, kind: 'file.unfiled', ownerSeq: item.ownerSeq, ref: item.seq, detail });
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
