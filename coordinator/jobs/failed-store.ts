import { readOperation } from '../database/operation.ts';
import type { StoredInput } from '../queue/open-task.ts';

/** Tasks that one page looks at, so that the few failed ones of a very large job take no long time. */
const MOST_LOOKED = 10_000;

/** A task of a job that failed for good. */
export interface FailedTask {
	/** Which of the job's steps; null: it is of none. */
	step: number | null;
	inputs: StoredInput[];
	/** What led to it. */
	triggerSeq: number | null;
	lineage: number[];
}

/** The next failed tasks of a job, in the order in which they were made. */
export const readFailedTasks = readOperation('jobs.read-failed', (db) => {
	const select = db.prepare(
		`SELECT t.seq, t.state IN ('failed', 'quarantined', 'expired') AS isFailed, t.inputs, o.step,
		        o.trigger_seq AS triggerSeq, coalesce(o.lineage, '[]') AS lineage
		 FROM tasks t LEFT JOIN task_origins o ON o.task_seq = t.seq
		 WHERE t.job_seq = ? AND t.seq > ? ORDER BY t.seq LIMIT ${MOST_LOOKED}`,
	);
	return (args: { jobSeq: number; after: number; limit: number }): { tasks: FailedTask[]; next: number | null } => {
		const tasks: FailedTask[] = [];
		let looked = 0;
		let seq = args.after;
		const rows = select.iterate(args.jobSeq, args.after) as IterableIterator<{
			seq: number;
			isFailed: 0 | 1;
			inputs: string;
			step: number | null;
			triggerSeq: number | null;
			lineage: string;
		}>;
		for (const { isFailed, inputs, step, triggerSeq, lineage, ...row } of rows) {
			looked += 1;
			seq = row.seq;
			if (isFailed) tasks.push({ step, triggerSeq, inputs: JSON.parse(inputs), lineage: JSON.parse(lineage) });
			if (tasks.length === args.limit) return { tasks, next: seq };
		}
		return { tasks, next: looked === MOST_LOOKED ? seq : null };
	};
});
