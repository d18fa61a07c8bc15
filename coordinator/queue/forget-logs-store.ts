import { writeOperation } from '../database/operation.ts';

/** Tasks that one step looks at, so that other writers never wait long. */
const STEP = 200;

/**
 * Removes the logs of tasks that ended before the instant, of the next tasks that have one; call it again with what it
 * gives until that is null.
 */
export const forgetLogs = writeOperation('queue.forget-logs', (db) => {
	// From one task to the next by the primary key, without reading their lines.
	const next = db.prepare('SELECT task_seq FROM task_logs WHERE task_seq > ? ORDER BY task_seq LIMIT 1').pluck();
	const isOld = db.prepare('SELECT finished_at < ? FROM tasks WHERE seq = ?').pluck();
	const remove = db.prepare('DELETE FROM task_logs WHERE task_seq = ?');
	return ({ endedBefore, after }: { endedBefore: number; after: number }) => {
		let tasks = 0;
		let seq = after;
		for (let step = 0; step < STEP; step++) {
			const found = next.get(seq) as number | undefined;
			if (found === undefined) return { next: null, tasks };
			seq = found;
			if (isOld.get(endedBefore, seq) !== 1) continue;
			remove.run(seq);
			tasks += 1;
		}
		return { next: seq, tasks };
	};
});
