import type { Database } from 'better-sqlite3';
import { BUDGET_HOLDER } from '../../shared/protocol/budget.ts';
import { isFinalTaskState, type TaskState } from '../../shared/protocol/task.ts';
import { prepareActPart, prepareForgetNotes, prepareNotes } from '../acts/act-store.ts';
import { type Costly, type Gate, prepareGate, type WhenFull } from '../budgets/gate-store.ts';
import { readOperation, writeOperation } from '../database/operation.ts';
import { OPEN_COLUMNS, type OpenRow } from './open-task.ts';
import { type Excess, prepareExcess, type QueuedCap } from './submit-store.ts';

/** Why a task is not queued again: it did not end without success, another open task has its dedupe key, what it is to read is gone, or it was a run of a source. */
export type Unretried = 'not-failed' | 'key-taken' | 'dataset-retired' | 'of-a-source';

const isRetried = (state: TaskState | undefined): boolean =>
	state !== undefined && isFinalTaskState(state) && state !== 'succeeded';

/** Queues a task that ended without success once more, with a fresh count of failures and losses. */
type Retry = (seq: number, now: number) => OpenRow | Unretried;

/** For the time of one call inside somebody's transaction, through the gate of budgets: a task's row, or why not. */
const prepareRetry = (db: Database): ((now: number, whenFull: WhenFull) => Retry) => {
	const find = db.prepare(
		'SELECT state, owner_seq AS ownerSeq, type_seq AS typeSeq, service_class AS serviceClass FROM tasks WHERE seq = ?',
	);
	// What people hold stays held; whether a budget does is decided anew.
	const isPeoples = `held_by <> '${BUDGET_HOLDER}'`;
	const requeue = db
		.prepare(
			`UPDATE tasks SET state = 'queued', queued_at = @now, finished_at = NULL, cancel_at = NULL, expires_at = NULL,
			   failures = 0, losses = 0, avoid_node = NULL, blockers = 0, error_code = NULL, error_message = NULL,
			   discarded_at = NULL,
			   estimate_micro = @estimateMicro, budgeted = @budgeted,
			   held_at     = CASE WHEN ${isPeoples} THEN held_at WHEN @blocked IS NOT NULL THEN @now END,
			   held_by     = CASE WHEN ${isPeoples} THEN held_by WHEN @blocked IS NOT NULL THEN '${BUDGET_HOLDER}' END,
			   held_reason = CASE WHEN ${isPeoples} THEN held_reason ELSE @blocked END,
			   version = version + 1
			 WHERE seq = @seq RETURNING ${OPEN_COLUMNS}`,
		)
		.raw();
	const forget = db.prepare('DELETE FROM task_dependencies WHERE task_seq = ?');
	const retry = (gate: Gate, seq: number, now: number): OpenRow | Unretried => {
		const task = find.get(seq) as (Costly & { state: TaskState }) | undefined;
		if (!task || !isRetried(task.state)) return 'not-failed';
		const verdict = gate.ask(task);
		try {
			const { estimateMicro, budgeted, blocked } = verdict;
			const row = requeue.get({ seq, now, estimateMicro, budgeted, blocked }) as OpenRow;
			gate.enter(seq, task, verdict);
			forget.run(seq);
			return row;
		} catch (error) {
			const { code, message } = error as { code?: string; message: string };
			if (code === 'SQLITE_CONSTRAINT_TRIGGER' && (message === 'dataset-retired' || message === 'of-a-source')) {
				return message;
			}
			if (code !== 'SQLITE_CONSTRAINT_UNIQUE') throw error;
			return 'key-taken';
		}
	};
	const openGate = prepareGate(db);
	return (at, whenFull) => {
		const gate = openGate(at, whenFull);
		return (seq, now) => retry(gate, seq, now);
	};
};

/** What came of queueing some tasks again. */
export interface RetriedPart {
	rows: OpenRow[];
	skipped: number;
	/** Why the last of those that were skipped was. */
	why: Unretried | null;
}

/** Queues some tasks once more, as a part of an act; those that cannot be are skipped. */
export const retryTasks = writeOperation('queue.retry-tasks', (db) => {
	const begin = prepareRetry(db);
	const addPart = prepareActPart(db);
	return (args: { act: number; seqs: readonly number[]; now: number }): RetriedPart => {
		const retry = begin(args.now, 'hold');
		const part: RetriedPart = { rows: [], skipped: 0, why: null };
		for (const seq of args.seqs) {
			const row = retry(seq, args.now);
			if (typeof row !== 'string') part.rows.push(row);
			else {
				part.skipped += 1;
				part.why = row;
			}
		}
		addPart({ act: args.act, changed: part.rows.length, skipped: part.skipped, notes: [] });
		return part;
	};
});

/** How many tasks that an act told to stop have not ended yet: before that, they cannot be queued again. */
export const countStopping = readOperation('queue.count-stopping', (db) => {
	const count = db
		.prepare(
			`SELECT count(*) FROM act_changes c JOIN tasks t ON t.seq = c.task_seq
			 WHERE c.act_seq = ? AND t.state = 'running' AND t.cancel_at = ?`,
		)
		.pluck();
	return (args: { act: number; cancelledAt: number }) => count.get(args.act, args.cancelledAt) as number;
});

/** Queues again what an act cancelled, where nobody has said otherwise since; `lastSeq` is where the next part begins. */
export const undoCancels = writeOperation('queue.undo-cancels', (db) => {
	const begin = prepareRetry(db);
	const addPart = prepareActPart(db);
	const notesOf = prepareNotes(db);
	const forget = prepareForgetNotes(db);
	const stands = db.prepare(`SELECT 1 FROM tasks WHERE seq = ? AND state = 'cancelled' AND cancel_at = ?`).pluck();
	return (args: {
		act: number;
		undoes: number;
		cancelledAt: number;
		now: number;
		afterSeq: number;
		limit: number;
	}): RetriedPart & { lastSeq: number | null } => {
		const notes = notesOf(args.undoes, args.afterSeq, args.limit);
		const retry = begin(args.now, 'hold');
		const part: RetriedPart = { rows: [], skipped: 0, why: null };
		for (const { seq } of notes) {
			const row = stands.get(seq, args.cancelledAt) === 1 ? retry(seq, args.now) : 'not-failed';
			if (typeof row !== 'string') part.rows.push(row);
			else {
				part.skipped += 1;
				part.why = row;
			}
		}
		addPart({ act: args.act, changed: part.rows.length, skipped: part.skipped, notes: [] });
		const lastSeq = notes.at(-1)?.seq ?? null;
		// An undo that is cut and begun again must not take back what was said after its first try.
		if (lastSeq !== null) forget(args.undoes, lastSeq);
		return { ...part, lastSeq: notes.length === args.limit ? lastSeq : null };
	};
});

/** Queueing the task again would be too much, and where. */
export interface RetryExcess extends Excess {
	routingKey: string;
}

/** Queues a task once more for its owner, within the owner's cap. What could not be in any case is told as that. */
export const retryOwnTask = writeOperation('queue.retry-own', (db) => {
	const find = db.prepare('SELECT owner_seq AS ownerSeq, state, routing_key AS routingKey FROM tasks WHERE seq = ?');
	const begin = prepareRetry(db);
	const excess = prepareExcess(db);
	return (args: { seq: number; now: number; cap: QueuedCap | null }): OpenRow | RetryExcess | Unretried => {
		const { seq, now, cap } = args;
		const task = find.get(seq) as { ownerSeq: number; state: TaskState; routingKey: string } | undefined;
		const tooMany = task && cap && isRetried(task.state) ? excess(task.ownerSeq, [{ dedupeKey: null }], cap) : null;
		return task && tooMany ? { ...tooMany, routingKey: task.routingKey } : begin(now, 'as-set')(seq, now);
	};
});

/** What of a task its owner's class has a say in. */
export const readRetryTerms = readOperation('queue.read-retry-terms', (db) => {
	const select = db.prepare('SELECT service_class AS serviceClass, routing_key AS routingKey FROM tasks WHERE seq = ?');
	return (seq: number) => select.get(seq) as { serviceClass: string | null; routingKey: string };
});
