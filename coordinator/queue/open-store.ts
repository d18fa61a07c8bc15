import { readOperation, writeOperation } from '../database/operation.ts';
import { prepareSettleDependents } from './lease-store.ts';
import { OPEN_COLUMNS, OPEN_WIDTH, type OpenRow, openRowOf, type Payload } from './open-task.ts';

/** Queued tasks in order of their row, a page at a time: how the index is rebuilt at start. */
export const readQueuedPage = readOperation('queue.read-queued-page', (db) => {
	const select = db
		.prepare(
			`SELECT ${OPEN_COLUMNS} FROM tasks WHERE finished_at IS NULL AND state = 'queued' AND seq > ? ORDER BY seq LIMIT ?`,
		)
		.raw();
	return (args: { afterSeq: number; limit: number }) => select.all(args.afterSeq, args.limit) as OpenRow[];
});

export interface RunningRow {
	open: OpenRow;
	payload: Payload;
	token: string;
	node: string;
	startedAt: number;
	cancelRequested: boolean;
}

/** Most tasks have no origin, and most origins give nothing. */
const GIVEN = '(SELECT given FROM task_origins WHERE task_seq = tasks.seq)';

/** Tasks with a live lease, for a coordinator that has just started. */
export const readRunning = readOperation('queue.read-running', (db) => {
	const select = db
		.prepare(
			`SELECT ${OPEN_COLUMNS}, id, parameters, inputs, lease_token, lease_node, started_at, cancel_at, ${GIVEN}
			 FROM tasks WHERE finished_at IS NULL AND state = 'running'`,
		)
		.raw();
	return (_: null): RunningRow[] =>
		(select.all() as unknown[][]).map((row) => ({
			open: openRowOf(row),
			payload: {
				id: row[OPEN_WIDTH] as string,
				parameters: row[OPEN_WIDTH + 1] as string,
				inputs: row[OPEN_WIDTH + 2] as string,
				given: row[OPEN_WIDTH + 7] as string | null,
			},
			token: row[OPEN_WIDTH + 3] as string,
			node: row[OPEN_WIDTH + 4] as string,
			startedAt: row[OPEN_WIDTH + 5] as number,
			cancelRequested: row[OPEN_WIDTH + 6] !== null,
		}));
});

export type PayloadRow = [seq: number, id: string, parameters: string, inputs: string, given: string | null];

/** Payloads of the given tasks, and of queued ones after the last of them, which are likely to be next. */
export const readPayloads = readOperation('queue.read-payloads', (db) => {
	const one = db.prepare(`SELECT seq, id, parameters, inputs, ${GIVEN} FROM tasks WHERE seq = ?`).raw();
	const ahead = db
		.prepare(
			`SELECT seq, id, parameters, inputs, ${GIVEN} FROM tasks
			 WHERE finished_at IS NULL AND state = 'queued' AND seq > ? ORDER BY seq LIMIT ?`,
		)
		.raw();
	return (args: { seqs: number[]; ahead: number }): PayloadRow[] => {
		const rows = args.seqs.map((seq) => one.get(seq) as PayloadRow | undefined).filter((row) => row !== undefined);
		if (args.ahead === 0) return rows;
		const last = args.seqs.reduce((a, b) => Math.max(a, b), 0);
		return rows.concat(ahead.all(last, args.ahead) as PayloadRow[]);
	};
});

/** Queues what waited on time and is due, at most `limit`; `nextDueAt` tells when to ask again. */
export const wakeDue = writeOperation('queue.wake-due', (db) => {
	const wake = db
		.prepare(
			`UPDATE tasks SET due_at = NULL, version = version + 1,
			   state     = CASE WHEN blockers = 0 THEN 'queued' ELSE state END,
			   queued_at = CASE WHEN blockers = 0 THEN coalesce(queued_at, @now) ELSE queued_at END
			 WHERE seq IN (SELECT seq FROM tasks WHERE due_at <= @now AND due_at IS NOT NULL AND finished_at IS NULL
			               ORDER BY due_at LIMIT @limit)
			 RETURNING ${OPEN_COLUMNS}, state`,
		)
		.raw();
	const next = db.prepare('SELECT min(due_at) FROM tasks WHERE due_at IS NOT NULL AND finished_at IS NULL').pluck();
	return (args: { now: number; limit: number }) => {
		const rows = wake.all(args) as [...OpenRow, string][];
		const queued = rows.filter((row) => row[OPEN_WIDTH] === 'queued').map((row) => openRowOf(row));
		return { queued, nextDueAt: next.get() as number | null };
	};
});

/** A task that ended without having run. */
export interface DroppedTask {
	state: 'expired' | 'cancelled';
	seq: number;
	id: string;
	ownerSeq: number;
}

/** Ends what has not begun before its time was over, and with it what waited for it. */
export const expireTasks = writeOperation('queue.expire', (db) => {
	const expire = db.prepare(
		`UPDATE tasks SET state = 'expired', finished_at = @now, due_at = NULL, version = version + 1,
		   error_code = 'expired', error_message = 'It did not start before the time at which it was to expire.'
		 WHERE seq IN (SELECT seq FROM tasks WHERE expires_at <= @now AND expires_at IS NOT NULL AND finished_at IS NULL
		                 AND state <> 'running' LIMIT @limit)
		 RETURNING state, seq, id, owner_seq AS ownerSeq`,
	);
	const next = db
		.prepare(
			`SELECT min(expires_at) FROM tasks WHERE expires_at IS NOT NULL AND finished_at IS NULL AND state <> 'running'`,
		)
		.pluck();
	const settleDependents = prepareSettleDependents(db);
	return (args: { now: number; limit: number }) => {
		const expired = expire.all(args) as DroppedTask[];
		// Only one's own tasks can be waited for, so what is dropped has the same owner.
		const dropped = expired.flatMap(({ seq, ownerSeq }) =>
			settleDependents(seq, 'expired', args.now).dropped.map(
				(task): DroppedTask => ({ ...task, ownerSeq, state: 'cancelled' }),
			),
		);
		return { ended: [...expired, ...dropped], nextExpiryAt: next.get() as number | null };
	};
});

/** Attempts that are looked back upon at start, by the tasks that came last. */
const LOOKED_BACK = 5_000;
/** A slot is held a little longer than the node was at work. */
const SLOT_BEYOND_RUN_MS = 1_000;

/** What attempts that somebody was charged for took in their slots, oldest first: what a coordinator that starts anew knows of types. */
export const readRecentCosts = readOperation('queue.read-recent-costs', (db) => {
	const select = db.prepare(
		// The smaller of what the two clocks say: ours may have jumped, and the node's is its own.
		`SELECT t.type_seq AS typeSeq, min(a.finished_at - a.started_at, u.wall_us / 1000.0 + ${SLOT_BEYOND_RUN_MS}) AS cost
		 FROM (SELECT * FROM attempts ORDER BY task_seq DESC LIMIT ${LOOKED_BACK}) a
		 JOIN tasks t ON t.seq = a.task_seq JOIN usage_records u ON u.seq = a.usage_seq
		 WHERE u.charged = 1 ORDER BY a.finished_at`,
	);
	return (_: null) => select.all() as { typeSeq: number; cost: number }[];
});
