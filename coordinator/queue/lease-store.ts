import type { Database } from 'better-sqlite3';
import type { AttemptState, TaskState } from '../../shared/protocol/task.ts';
import { prepareUsageRecord, type UsageRow } from '../accounting/usage-record.ts';
import { readOperation, writeOperation } from '../database/operation.ts';
import { OPEN_COLUMNS, OPEN_WIDTH, type OpenRow, openRowOf } from './open-task.ts';

/** A claim as decided in memory. */
export type Claim = [seq: number, attempt: number, token: string, node: string, startedAt: number];

/** Leases queued tasks. Returns the seqs that could not be: cancelled, expired or held in the same moment. */
export const claimTasks = writeOperation('queue.claim', (db) => {
	const claim = db.prepare(
		`UPDATE tasks SET state = 'running', version = version + 1, attempt = ?, lease_token = ?, lease_node = ?, started_at = ?
		 WHERE seq = ? AND state = 'queued' AND held_at IS NULL`,
	);
	return (claims: Claim[]): number[] => {
		const refused: number[] = [];
		for (const [seq, attempt, token, node, startedAt] of claims) {
			if (claim.run(attempt, token, node, startedAt, seq).changes === 0) refused.push(seq);
		}
		return refused;
	};
});

/** How an attempt ended and what becomes of its task, as decided in memory. */
export interface SettleItem {
	seq: number;
	ownerSeq: number;
	attempt: number;
	token: string;
	node: string;
	startedAt: number;
	finishedAt: number;
	attemptState: Exclude<AttemptState, 'running'>;
	reason: string | null;
	next: { state: TaskState; dueAt: number | null; avoidNode: string | null };
	/** JSON text of the result, if it succeeded. */
	result: string | null;
	error: { code: string; message: string } | null;
	failures: number;
	losses: number;
	usage: UsageRow;
	/** The claim is not in the ledger yet: it and the end are written as one. */
	unclaimed: boolean;
}

/** What the ledger made of it: another state than proposed when the task had been cancelled. */
export interface SettleOutcome {
	seq: number;
	state: TaskState;
	version: number;
	/** Tasks that waited for this one and are queued now. */
	released: OpenRow[];
	/** Tasks that waited for this one and are cancelled now. */
	dropped: { seq: number; id: string }[];
}

/**
 * Ends an attempt inside somebody's transaction: task, attempt and usage together, exactly once.
 * Returns null when the token is not the current one; then nothing has changed.
 */
export const prepareSettle = (db: Database): ((item: SettleItem) => SettleOutcome | null) => {
	// A cancelled task stays cancelled, whatever its last attempt came to. Bound by place: this runs for every attempt.
	const settle = db.prepare(
		`UPDATE tasks SET
		   state         = CASE WHEN cancel_at IS NULL THEN ? ELSE 'cancelled' END,
		   finished_at   = CASE WHEN cancel_at IS NULL AND ? = 0 THEN NULL ELSE ? END,
		   due_at        = CASE WHEN cancel_at IS NULL THEN ? END,
		   result        = CASE WHEN cancel_at IS NULL THEN ? END,
		   error_code    = CASE WHEN cancel_at IS NULL THEN ? END,
		   error_message = CASE WHEN cancel_at IS NULL THEN ? END,
		   failures = failures + ?, losses = losses + ?, avoid_node = ?,
		   lease_token = NULL, lease_node = NULL, version = version + 1
		 WHERE seq = ? AND lease_token = ?
		 RETURNING state, version`,
	);
	// The attempt was over before its claim was written. Cancelled or expired meanwhile means: not in line any more.
	const settleUnclaimed = db.prepare(
		`UPDATE tasks SET
		   state = ?, finished_at = CASE WHEN ? = 0 THEN NULL ELSE ? END, due_at = ?,
		   result = ?, error_code = ?, error_message = ?, failures = failures + ?, losses = losses + ?, avoid_node = ?,
		   attempt = attempt + 1, started_at = ?, version = version + 2
		 WHERE seq = ? AND state = 'queued' AND attempt = ? - 1
		 RETURNING state, version`,
	);
	const insertAttempt = db.prepare('INSERT INTO attempts VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)');
	const insertUsage = prepareUsageRecord(db);
	const settleDependents = prepareSettleDependents(db);
	return (item) => {
		const { next } = item;
		const values = [
			next.state,
			next.state === 'queued' || next.state === 'retrying' ? 0 : 1,
			item.finishedAt,
			next.dueAt,
			item.result,
			item.error?.code ?? null,
			item.error?.message ?? null,
			item.failures,
			item.losses,
			next.avoidNode,
		];
		const row = (
			item.unclaimed
				? settleUnclaimed.get(...values, item.startedAt, item.seq, item.attempt)
				: settle.get(...values, item.seq, item.token)
		) as { state: TaskState; version: number } | undefined;
		if (!row) return null;
		insertAttempt.run(
			item.seq,
			item.attempt,
			item.node,
			item.token,
			// What came too late to count is not a completion.
			row.state === 'cancelled' && item.attemptState === 'succeeded' ? 'cancelled' : item.attemptState,
			item.reason,
			item.startedAt,
			item.finishedAt,
			insertUsage(item.usage),
		);
		const dependents =
			row.state === 'queued' || row.state === 'retrying'
				? { released: [], dropped: [] }
				: settleDependents(item.seq, row.state, item.finishedAt);
		return { seq: item.seq, ...row, ...dependents };
	};
};

/** What a task's end means for those that waited for it: freed by success, cancelled (and theirs in turn) by anything else. */
export const prepareSettleDependents = (
	db: Database,
): ((seq: number, state: TaskState, now: number) => Pick<SettleOutcome, 'released' | 'dropped'>) => {
	const dependents = db.prepare('SELECT task_seq FROM task_dependencies WHERE after_seq = ?').pluck();
	const unblock = db
		.prepare(
			`UPDATE tasks SET blockers = blockers - 1,
			   state     = CASE WHEN blockers = 1 AND due_at IS NULL THEN 'queued' ELSE state END,
			   queued_at = CASE WHEN blockers = 1 AND due_at IS NULL THEN @now ELSE queued_at END,
			   version   = version + 1
			 WHERE seq = @seq AND state = 'waiting' RETURNING ${OPEN_COLUMNS}, blockers, due_at`,
		)
		.raw();
	const drop = db.prepare(
		`UPDATE tasks SET state = 'cancelled', finished_at = @now, due_at = NULL, version = version + 1,
		   error_code = 'dependency-failed', error_message = 'A task that this one waited for did not succeed.'
		 WHERE seq = @seq AND finished_at IS NULL RETURNING seq, id`,
	);
	return (seq, state, now) => {
		const released: OpenRow[] = [];
		const dropped: { seq: number; id: string }[] = [];
		const toDrop: number[] = [];
		for (const dependent of dependents.all(seq) as number[]) {
			if (state !== 'succeeded') {
				toDrop.push(dependent);
				continue;
			}
			const row = unblock.get({ seq: dependent, now }) as [...OpenRow, number, number | null] | undefined;
			if (row && row[OPEN_WIDTH] === 0 && row[OPEN_WIDTH + 1] === null) released.push(openRowOf(row));
		}
		for (let next = toDrop.pop(); next !== undefined; next = toDrop.pop()) {
			const row = drop.get({ seq: next, now }) as { seq: number; id: string } | undefined;
			if (!row) continue;
			dropped.push(row);
			// One by one: there may be more than a call takes arguments.
			for (const dependent of dependents.all(next) as number[]) toDrop.push(dependent);
		}
		return { released, dropped };
	};
};

/** An attempt that is over, by its task and number: to tell a repeated settlement from a stale one. */
export const findEndedAttempt = readOperation('queue.find-ended-attempt', (db) => {
	const select = db.prepare(
		`SELECT a.token, a.state FROM attempts a JOIN tasks t ON t.seq = a.task_seq WHERE t.id = ? AND a.number = ?`,
	);
	return (args: { task: string; attempt: number }) =>
		(select.get(args.task, args.attempt) as { token: string; state: AttemptState } | undefined) ?? null;
});
