import { CodedError } from '../../shared/coded-error.ts';
import type { Json } from '../../shared/protocol/json.ts';
import type { FiledOutput, Filing } from '../../shared/protocol/result.ts';
import type { TaskState } from '../../shared/protocol/task.ts';
import type { Manifest } from '../../shared/protocol/task-type.ts';
import type { Doer } from '../audit/doer.ts';
import { readOperation, writeOperation } from '../database/operation.ts';
import type { FileChange } from '../files/file-events.ts';
import type { Quota } from '../files/quota-store.ts';
import { prepareLastHappening } from '../happenings/happening-store.ts';
import { prepareFilingsOf } from '../queue/filings-store.ts';
import type { StoredInput } from '../queue/open-task.ts';
import { type MeteredUsage, meteredColumns, seenUsageOfAll } from '../queue/seen-usage.ts';
import { plainOrigin, prepareReadOrigin } from '../queue/task-origin-store.ts';
import { type OutputToFile, prepareFileOne } from './file-one-store.ts';
import { prepareNoteFiling } from './note-filing-store.ts';
import type { MadeBy } from './provenance-record.ts';
import { templateOf, WITHOUT_WORD } from './which-outputs.ts';

/** A task with those of its outputs that are not files. */
export interface UnfiledTask {
	seq: number;
	ownerSeq: number;
	state: TaskState;
	outputs: Omit<OutputToFile, 'sniffed'>[];
}

/** Null when there is no such task. */
export const readUnfiled = readOperation('results.read-unfiled', (db) => {
	const find = db.prepare('SELECT seq, owner_seq AS ownerSeq, state FROM tasks WHERE id = ?');
	const outputs = db.prepare(
		`SELECT o.name, lower(hex(b.sha256)) AS sha256, b.size FROM task_outputs o JOIN blobs b ON b.seq = o.blob_seq
		 WHERE o.task_seq = @seq
		 AND NOT EXISTS (SELECT 1 FROM filings g WHERE g.task_seq = @seq AND g.name = o.name AND g.state = 'filed')
		 ORDER BY o.name`,
	);
	return (id: string): UnfiledTask | null => {
		const task = find.get(id) as Omit<UnfiledTask, 'outputs'> | undefined;
		return task ? { ...task, outputs: outputs.all({ seq: task.seq }) as UnfiledTask['outputs'] } : null;
	};
});

interface TaskRow {
	task: string;
	parameters: string;
	inputs: string;
	result: string | null;
	type: string;
	typeVersion: number;
	manifest: string;
	userId: string;
	username: string;
	node: string;
	attempt: number;
	startedAt: number;
	finishedAt: number;
	usageSeq: number;
}

export interface FiledNow {
	changes: FileChange[];
	/** Of all the task's outputs that were to be files at some time. */
	filings: FiledOutput[];
	/** The newest happening there is. */
	happened: number;
}

/**
 * Makes files of a task's outputs that are none yet, as its owner says now; what has become a file meanwhile stays as it
 * is, so this may be asked any number of times. What cannot be filed keeps its place with the task, with the reason.
 */
export const fileNow = writeOperation('results.file-now', (db) => {
	const taskOf = db.prepare(
		`SELECT t.id AS task, t.parameters, t.inputs, t.result, y.name AS type, y.version AS typeVersion, y.manifest,
		        u.id AS userId, u.username, coalesce(n.name, a.node) AS node, a.number AS attempt, a.started_at AS startedAt,
		        a.finished_at AS finishedAt, a.usage_seq AS usageSeq
		 FROM tasks t JOIN task_types y ON y.seq = t.type_seq JOIN users u ON u.seq = t.owner_seq
		 JOIN attempts a ON a.task_seq = t.seq AND a.state = 'succeeded'
		 LEFT JOIN nodes n ON n.id = a.node WHERE t.seq = ? AND t.state = 'succeeded'`,
	);
	const usageOf = db.prepare(`SELECT ${meteredColumns('u')} FROM usage_records u WHERE u.seq = ?`);
	const isFiled = db.prepare(`SELECT 1 FROM filings WHERE task_seq = ? AND name = ? AND state = 'filed'`).pluck();
	const filingsOf = prepareFilingsOf(db);
	const originOf = prepareReadOrigin(db);
	const fileOne = prepareFileOne(db);
	const note = prepareNoteFiling(db);
	const lastHappening = prepareLastHappening(db);
	return (args: {
		seq: number;
		ownerSeq: number;
		filing: Filing;
		outputs: readonly OutputToFile[];
		quota: Quota | null;
		by: Doer;
		now: number;
	}): FiledNow => {
		const { seq, ownerSeq, filing, quota, by, now } = args;
		const row = taskOf.get(seq) as TaskRow | undefined;
		if (!row) throw new CodedError('wrong-state', 'Only what a task has brought that succeeded can be filed.');
		const { result, manifest, userId, username, inputs, usageSeq, ...rest } = row;
		const made: MadeBy = {
			...rest,
			by: { id: userId, name: username },
			origin: originOf(seq) ?? plainOrigin('demand'),
			inputs: JSON.parse(inputs) as StoredInput[],
			// None: it is no longer kept.
			usage: seenUsageOfAll(usageOf.all(usageSeq) as MeteredUsage[]),
		};
		const changes: FileChange[] = [];
		for (const output of args.outputs) {
			const { name } = output;
			if (isFiled.get(seq, name) !== undefined) continue;
			// Also what a recipe would leave with the task, such as thumbnails: here somebody asks for it.
			const template = templateOf(JSON.parse(manifest) as Manifest, name) ?? WITHOUT_WORD;
			const known = { taskSeq: seq, name, at: now };
			try {
				const asked = { task: { seq, ownerSeq }, by, now, filing, template, made, output, quota };
				const { file, ...filed } = fileOne({ ...asked, result: JSON.parse(result ?? '{}') as Record<string, Json> });
				changes.push(file);
				note.filed({ ...known, ...filed });
			} catch (error) {
				if (!(error instanceof CodedError)) throw error;
				note.unfiled({ ...known, reason: error.message });
			}
		}
		return { changes, filings: filingsOf(seq), happened: lastHappening() };
	};
});
