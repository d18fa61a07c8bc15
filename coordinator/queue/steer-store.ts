import type { Database } from 'better-sqlite3';
import { CodedError } from '../../shared/coded-error.ts';
import { isFinalTaskState, type TaskState } from '../../shared/protocol/task.ts';
import { type AuditEntry, prepareAudit } from '../audit/audit-store.ts';
import { writeOperation } from '../database/operation.ts';
import { prepareSettleDependents, type SettleOutcome } from './lease-store.ts';
import { OPEN_COLUMNS, type OpenRow } from './open-task.ts';
import { type Excess, prepareExcess, type QueuedCap } from './submit-store.ts';

export interface Cancelled extends Pick<SettleOutcome, 'dropped'> {
	seq: number;
	ownerSeq: number;
	/** `running` when the attempt must be stopped first; otherwise final. */
	state: TaskState;
	version: number;
}

/** Cancels for good: at once if it does not run, else as soon as its attempt has ended, on whatever node, after whatever restart. */
export const cancelTask = writeOperation('queue.cancel', (db) => {
	const find = db.prepare('SELECT seq, owner_seq AS ownerSeq, state, version FROM tasks WHERE id = ?');
	const audit = prepareAudit(db);
	const end = db.prepare(
		`UPDATE tasks SET state = 'cancelled', cancel_at = @now, finished_at = @now, due_at = NULL, version = version + 1
		 WHERE seq = @seq RETURNING version`,
	);
	const ask = db.prepare('UPDATE tasks SET cancel_at = coalesce(cancel_at, ?) WHERE seq = ?');
	const settleDependents = prepareSettleDependents(db);
	return (args: { id: string; now: number; audit: AuditEntry | null }): Cancelled => {
		const task = find.get(args.id) as { seq: number; ownerSeq: number; state: TaskState; version: number } | undefined;
		if (!task) throw new CodedError('not-found');
		if (isFinalTaskState(task.state)) {
			if (task.state === 'cancelled') return { ...task, dropped: [] };
			throw new CodedError('wrong-state', `The task is ${task.state} already.`);
		}
		if (args.audit) audit(args.audit);
		if (task.state === 'running') {
			ask.run(args.now, task.seq);
			return { ...task, dropped: [] };
		}
		const { version } = end.get({ seq: task.seq, now: args.now }) as { version: number };
		return {
			seq: task.seq,
			ownerSeq: task.ownerSeq,
			state: 'cancelled',
			version,
			...settleDependents(task.seq, 'cancelled', args.now),
		};
	};
});

/**
 * Queues a task that ended without success once more, with fresh budgets, inside somebody's transaction. Answers its
 * row, or why not: it ended with success, it is open, or another open task has its dedupe key.
 */
export const prepareRetry = (db: Database): ((seq: number, now: number) => OpenRow | 'wrong-state' | 'conflict') => {
	const find = db.prepare('SELECT state FROM tasks WHERE seq = ?').pluck();
	const requeue = db
		.prepare(
			`UPDATE tasks SET state = 'queued', queued_at = @now, finished_at = NULL, cancel_at = NULL, expires_at = NULL,
			   failures = 0, losses = 0, avoid_node = NULL, blockers = 0, error_code = NULL, error_message = NULL,
			   version = version + 1
			 WHERE seq = @seq RETURNING ${OPEN_COLUMNS}`,
		)
		.raw();
	const forget = db.prepare('DELETE FROM task_dependencies WHERE task_seq = ?');
	return (seq, now) => {
		const state = find.get(seq) as TaskState | undefined;
		if (state === undefined || !isFinalTaskState(state) || state === 'succeeded') return 'wrong-state';
		try {
			const row = requeue.get({ seq, now }) as OpenRow;
			forget.run(seq);
			return row;
		} catch (error) {
			if ((error as { code?: string }).code !== 'SQLITE_CONSTRAINT_UNIQUE') throw error;
			return 'conflict';
		}
	};
};

/** Queueing the task again would be too much, and where. */
export interface RetryExcess extends Excess {
	routingKey: string;
}

export const retryTask = writeOperation('queue.retry', (db) => {
	const find = db.prepare(
		'SELECT seq, owner_seq AS ownerSeq, state, routing_key AS routingKey FROM tasks WHERE id = ?',
	);
	const retry = prepareRetry(db);
	const excess = prepareExcess(db);
	const audit = prepareAudit(db);
	return (args: {
		id: string;
		now: number;
		audit: AuditEntry | null;
		cap: QueuedCap | null;
	}): OpenRow | RetryExcess => {
		const task = find.get(args.id) as
			| { seq: number; ownerSeq: number; state: TaskState; routingKey: string }
			| undefined;
		if (!task) throw new CodedError('not-found');
		const isOver = isFinalTaskState(task.state) && task.state !== 'succeeded';
		const tooMany = args.cap && isOver ? excess(task.ownerSeq, [{ dedupeKey: null }], args.cap) : null;
		if (tooMany) return { ...tooMany, routingKey: task.routingKey };
		const row = retry(task.seq, args.now);
		if (row === 'conflict') throw new CodedError('conflict', 'Another open task has the same dedupe key.');
		if (row === 'wrong-state') {
			throw new CodedError('wrong-state', `The task is ${task.state}; only one that ended without success is retried.`);
		}
		if (args.audit) audit(args.audit);
		return row;
	};
});
