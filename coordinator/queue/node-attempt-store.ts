import type { PastAttempt } from '../../shared/protocol/node-attempt.ts';
import { readOperation } from '../database/operation.ts';

/** Public ids and names of people. */
export const readOwners = readOperation('queue.read-owners', (db) => {
	const select = db.prepare('SELECT seq, id, username FROM users WHERE seq IN (SELECT value FROM json_each(?))').raw();
	return (seqs: readonly number[]) => select.all(JSON.stringify(seqs)) as [seq: number, id: string, name: string][];
});

/** An attempt that is over; `seq` is where its usage lies, in the order of settling. */
export interface PastRow {
	seq: number;
	task: string;
	attempt: number;
	type: string;
	ownerSeq: number;
	state: PastAttempt['state'];
	reason: string | null;
	startedAt: number;
	finishedAt: number;
}

/** Rows that one call goes through: an index by node would cost every settlement, and this is for people who look. */
const LOOKED_THROUGH = 20_000;

/**
 * Attempts that ended on a node, the newest first, as far as one call looks. `nextSeq`: there may be more before it;
 * null: there are none.
 */
export const readPastAttempts = readOperation('queue.read-past-attempts', (db) => {
	const floor = db
		.prepare(`SELECT seq, at FROM usage_records WHERE seq < ? ORDER BY seq DESC LIMIT 1 OFFSET ${LOOKED_THROUGH - 1}`)
		.raw();
	const select = db.prepare(
		`SELECT u.seq, t.id AS task, a.number AS attempt, y.name AS type, t.owner_seq AS ownerSeq, a.state, a.reason,
		   a.started_at AS startedAt, a.finished_at AS finishedAt
		 FROM usage_records u JOIN attempts a ON a.task_seq = u.task_seq AND a.number = u.attempt AND a.usage_seq = u.seq
		   JOIN tasks t ON t.seq = a.task_seq JOIN task_types y ON y.seq = t.type_seq
		 WHERE u.seq < @before AND u.seq >= @floor AND u.node = @node AND u.kind = 'attempt'
		   AND a.finished_at >= @from AND (@state IS NULL OR a.state = @state)
		 ORDER BY u.seq DESC LIMIT @limit`,
	);
	return (args: { node: string; before: number; from: number; state: string | null; limit: number }) => {
		const [floorSeq, floorAt] = (floor.get(args.before) as [number, number] | undefined) ?? [0, 0];
		const rows = select.all({ ...args, floor: floorSeq }) as PastRow[];
		const isFull = rows.length === args.limit;
		const isMore = floorSeq > 0 && floorAt >= args.from;
		return { rows, nextSeq: isFull ? (rows.at(-1)?.seq ?? null) : isMore ? floorSeq : null };
	};
});
