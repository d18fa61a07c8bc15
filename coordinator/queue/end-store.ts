import { isFinalTaskState, type TaskState } from '../../shared/protocol/task.ts';
import { prepareActPart } from '../acts/act-store.ts';
import { writeOperation } from '../database/operation.ts';
import { prepareSettleDependents } from './lease-store.ts';
import type { DroppedTask } from './open-store.ts';
import type { OpenRow } from './open-task.ts';
import { prepareRetry } from './steer-store.ts';

/** Tasks that waited for others and end with them, in one transaction; past that the rest goes into the next. */
const MOST_DROPPED = 5_000;

/** What came of one part of a cancelling act. */
export interface CancelledPart {
	/** How many of the given tasks have been dealt with; fewer than all when very many waited for them. */
	handled: number;
	ended: DroppedTask[];
	/** Public ids of those that run and are to be stopped. */
	asked: string[];
	skipped: number;
}

/** Cancels some tasks in one transaction, and with them what waited for them. With `onlyUnrun` what runs is left alone. */
export const cancelTasks = writeOperation('queue.cancel-tasks', (db) => {
	const find = db.prepare('SELECT id, owner_seq AS ownerSeq, state, cancel_at AS cancelAt FROM tasks WHERE seq = ?');
	const end = db.prepare(
		`UPDATE tasks SET state = 'cancelled', cancel_at = @now, finished_at = @now, due_at = NULL, version = version + 1
		 WHERE seq = @seq`,
	);
	const ask = db.prepare('UPDATE tasks SET cancel_at = ? WHERE seq = ?');
	const settleDependents = prepareSettleDependents(db);
	const addPart = prepareActPart(db);
	return (args: { act: number; seqs: readonly number[]; now: number; onlyUnrun: boolean }): CancelledPart => {
		const ended: DroppedTask[] = [];
		const asked: string[] = [];
		let [handled, dropped, skipped] = [0, 0, 0];
		for (const seq of args.seqs) {
			if (dropped > MOST_DROPPED) break;
			handled += 1;
			const task = find.get(seq) as
				| { id: string; ownerSeq: number; state: TaskState; cancelAt: number | null }
				| undefined;
			if (!task || isFinalTaskState(task.state)) skipped += 1;
			else if (task.state === 'running') {
				if (args.onlyUnrun || task.cancelAt !== null) skipped += 1;
				else {
					ask.run(args.now, seq);
					asked.push(task.id);
				}
			} else {
				end.run({ seq, now: args.now });
				const { id, ownerSeq } = task;
				ended.push({ state: 'cancelled', seq, id, ownerSeq });
				for (const other of settleDependents(seq, 'cancelled', args.now).dropped) {
					dropped += 1;
					ended.push({ ...other, ownerSeq, state: 'cancelled' });
				}
			}
		}
		addPart({ act: args.act, changed: handled - skipped, skipped, notes: [] });
		return { handled, ended, asked, skipped };
	};
});

/** Queues some tasks once more that ended without success; those that cannot be are skipped. */
export const retryTasks = writeOperation('queue.retry-tasks', (db) => {
	const retry = prepareRetry(db);
	const addPart = prepareActPart(db);
	return (args: { act: number; seqs: readonly number[]; now: number }): { rows: OpenRow[]; skipped: number } => {
		const rows = args.seqs.map((seq) => retry(seq, args.now)).filter((row) => typeof row !== 'string');
		const skipped = args.seqs.length - rows.length;
		addPart({ act: args.act, changed: rows.length, skipped, notes: [] });
		return { rows, skipped };
	};
});
