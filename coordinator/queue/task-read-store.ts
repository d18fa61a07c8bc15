import type { FiledOutput } from '../../shared/protocol/result.ts';
import type { AttemptState, TaskState } from '../../shared/protocol/task.ts';
import { readOperation } from '../database/operation.ts';
import { prepareFilingsOf } from './filings-store.ts';
import { type MeteredUsage, meteredColumns } from './seen-usage.ts';
import { prepareReadOrigin, type TaskOrigin } from './task-origin-store.ts';
import { TASK_COLUMNS, type TaskRow } from './task-row.ts';

export interface AttemptRow extends MeteredUsage {
	number: number;
	node: string;
	state: AttemptState;
	reason: string | null;
	startedAt: number;
	finishedAt: number;
	/** Null: what it used is no longer kept. */
	charged: 0 | 1 | null;
	amountMicro: number | null;
}

export interface TaskWhole {
	row: TaskRow;
	parameters: string;
	/** Slots of the secrets that it was given. */
	secrets: string[];
	result: string | null;
	attempts: AttemptRow[];
	outputs: { name: string; size: number; sha256: string; mediaType: string }[];
	after: string[];
	/** Tasks before it that have not succeeded yet. */
	openBefore: string[];
	/** The budget that it waits for, in words and by its id; null: none. Its id is null when it is gone or not known. */
	budget: { reason: string; id: string | null } | null;
	origin: TaskOrigin | null;
	filings: FiledOutput[];
}

/** One task with everything that belongs to it; null when there is none. */
export const readTask = readOperation('queue.read-task', (db) => {
	const task = db.prepare(
		`SELECT ${TASK_COLUMNS}, t.parameters, t.result,
		   (SELECT given ->> '$.secrets' FROM task_origins WHERE task_seq = t.seq) AS secrets,
		   w.reason AS budgetReason, b.id AS budgetId
		 FROM tasks t JOIN users u ON u.seq = t.owner_seq
		   LEFT JOIN budget_waits w ON w.task_seq = t.seq LEFT JOIN budgets b ON b.seq = w.budget_seq WHERE t.id = ?`,
	);
	const attempts = db.prepare(
		`SELECT a.number, a.node, a.state, a.reason, a.started_at AS startedAt, a.finished_at AS finishedAt,
		        ${meteredColumns('u')}, u.charged, u.amount_micro AS amountMicro
		 FROM attempts a LEFT JOIN usage_records u ON u.seq = a.usage_seq
		 WHERE a.task_seq = ? ORDER BY a.number`,
	);
	const outputs = db.prepare(
		`SELECT o.name, b.size, lower(hex(b.sha256)) AS sha256, o.media_type AS mediaType
		 FROM task_outputs o JOIN blobs b ON b.seq = o.blob_seq WHERE o.task_seq = ? ORDER BY o.name`,
	);
	const before = db.prepare(
		`SELECT t.id, t.state FROM task_dependencies d JOIN tasks t ON t.seq = d.after_seq WHERE d.task_seq = ? ORDER BY t.seq`,
	);
	const originOf = prepareReadOrigin(db);
	const filingsOf = prepareFilingsOf(db);
	return (id: string): TaskWhole | null => {
		const found = task.get(id) as
			| (TaskRow & { parameters: string; result: string | null; secrets: string | null } & {
					budgetReason: string | null;
					budgetId: string | null;
			  })
			| undefined;
		if (!found) return null;
		const { parameters, result, secrets, budgetReason, budgetId, ...row } = found;
		const preceding = before.all(row.seq) as { id: string; state: TaskState }[];
		return {
			row,
			parameters,
			secrets: Object.keys(JSON.parse(secrets ?? '{}')),
			result,
			attempts: attempts.all(row.seq) as AttemptRow[],
			outputs: outputs.all(row.seq) as TaskWhole['outputs'],
			after: preceding.map((other) => other.id),
			openBefore: preceding.filter((other) => other.state !== 'succeeded').map((other) => other.id),
			budget: budgetReason === null ? null : { reason: budgetReason, id: budgetId },
			origin: originOf(row.seq),
			filings: filingsOf(row.seq),
		};
	};
});

/** Whose task an id names, to ask for permission before anything else is read. */
export const findTask = readOperation('queue.find-task', (db) => {
	const select = db.prepare('SELECT seq, owner_seq AS ownerSeq FROM tasks WHERE id = ?');
	return (id: string) => (select.get(id) as { seq: number; ownerSeq: number } | undefined) ?? null;
});

/** When a task came and when it ended. */
export const readTaskSpan = readOperation('queue.read-task-span', (db) => {
	const select = db.prepare('SELECT seq, created_at AS createdAt, finished_at AS finishedAt FROM tasks WHERE id = ?');
	return (id: string) =>
		(select.get(id) as { seq: number; createdAt: number; finishedAt: number | null } | undefined) ?? null;
});

/** Public ids of tasks. */
export const readTaskIds = readOperation('queue.read-task-ids', (db) => {
	const select = db.prepare('SELECT seq, id FROM tasks WHERE seq IN (SELECT value FROM json_each(?))').raw();
	return (seqs: readonly number[]) => select.all(JSON.stringify(seqs)) as [seq: number, id: string][];
});

/** Sequence numbers by which lists are filtered, from public ids. */
export const findFilterSeqs = readOperation('queue.find-filter-seqs', (db) => {
	const user = db.prepare('SELECT seq FROM users WHERE id = ?').pluck();
	const file = db.prepare('SELECT seq FROM files WHERE id = ?').pluck();
	const types = db.prepare('SELECT seq FROM task_types WHERE name = ?').pluck();
	const job = db.prepare('SELECT seq FROM jobs WHERE id = ?').pluck();
	const budget = db.prepare('SELECT seq FROM budgets WHERE id = ?').pluck();
	const nodes = db.prepare('SELECT id FROM nodes WHERE name = ?').pluck();
	return (names: {
		owner: string | null;
		file: string | null;
		type: string | null;
		job: string | null;
		budget: string | null;
		node: string | null;
	}) => ({
		nodes: names.node === null ? null : (nodes.all(names.node) as string[]),
		budgetSeq: names.budget === null ? null : ((budget.get(names.budget) as number | undefined) ?? -1),
		jobSeq: names.job === null ? null : ((job.get(names.job) as number | undefined) ?? -1),
		ownerSeq: names.owner === null ? null : ((user.get(names.owner) as number | undefined) ?? -1),
		fileSeq: names.file === null ? null : ((file.get(names.file) as number | undefined) ?? -1),
		typeSeqs: names.type === null ? null : (types.all(names.type) as number[]),
	});
});
