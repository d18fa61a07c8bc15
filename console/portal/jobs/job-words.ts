import type { JobState, JobView } from '../../../shared/protocol/job.ts';
import { formatCount, plural } from '../../kit/format.ts';
import { type StateLook, TASK_LOOKS } from '../../kit/task-words.ts';

export const JOB_LOOKS: Record<JobState, StateLook> = {
	feeding: { word: 'Making tasks', color: 'indigo', icon: 'plus' },
	running: TASK_LOOKS.running,
	paused: { word: 'Paused', color: 'orange', icon: 'pause' },
	done: TASK_LOOKS.succeeded,
	failed: TASK_LOOKS.failed,
	cancelled: TASK_LOOKS.cancelled,
};

export const CAUSE_WORDS: Record<JobView['cause'], string> = {
	demand: 'Asked for by hand',
	backfill: 'What was there already',
	schedule: 'A schedule',
	again: 'Run again',
};

type Counted = Pick<JobView, 'tasks' | 'planned' | 'isWhole' | 'state'>;

export const isOver = ({ state }: Pick<JobView, 'state'>): boolean =>
	state === 'done' || state === 'failed' || state === 'cancelled';

const endedOf = ({ tasks }: Counted): number => tasks.total - tasks.open;

/** How many tasks it will have, as far as that is known. */
const totalOf = ({ tasks, planned, isWhole }: Counted): number =>
	isWhole ? tasks.total : Math.max(tasks.total, planned ?? 0);

/** 0 to 1; null while nobody knows of how many. */
export const shareOf = (job: Counted): number | null => {
	if (isOver(job)) return 1;
	const total = totalOf(job);
	if (total === 0 || (!job.isWhole && job.planned === null)) return null;
	return endedOf(job) / total;
};

/** How far it is, in a few words for a list. */
export const countWords = (job: Counted): string => {
	const { total, failed } = job.tasks;
	const told = isOver(job)
		? plural(total, 'task')
		: `${formatCount(endedOf(job))} of ${job.isWhole ? '' : 'at least '}${plural(totalOf(job), 'task')}`;
	return failed > 0 ? `${told}, ${formatCount(failed)} failed` : told;
};

/** How it is, in one sentence. */
export const jobHeadline = (job: Counted): string => {
	const { total, open, succeeded, failed } = job.tasks;
	const all = plural(total, 'task');
	switch (job.state) {
		case 'feeding':
			return `${formatCount(endedOf(job))} tasks are over, ${formatCount(open)} are on their way, and more are being made.`;
		case 'running':
			return `${formatCount(endedOf(job))} of ${all} over so far.`;
		case 'paused':
			return `Paused with ${plural(open, 'task')} to go. What runs already goes on, and nothing else starts.`;
		case 'done':
			return total === 0 ? 'There was nothing to do: no file fits.' : `Done: ${all}.`;
		case 'failed':
			return `${formatCount(failed)} of ${all} failed. Look at those, then retry them.`;
		case 'cancelled':
			return `Cancelled; ${formatCount(succeeded)} of ${all} were done before.`;
	}
};
