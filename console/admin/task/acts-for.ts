import type { TaskVerb } from '../../../shared/protocol/act.ts';
import { BUDGET_HOLDER } from '../../../shared/protocol/budget.ts';
import type { TaskDetail } from '../../../shared/protocol/task.ts';
import { canCancel, canRetry } from '../../kit/tasks/headline.ts';
import { TASK_ACTS } from '../tasks/verbs.ts';

type Steered = Pick<TaskDetail, 'state' | 'held' | 'boosted' | 'cancelRequested'>;

/** What can be done to a task as it is. */
export const actsFor = (task: Steered): TaskVerb[] => {
	const isInLine = task.state === 'waiting' || task.state === 'queued' || task.state === 'retrying';
	const can: Record<TaskVerb, boolean> = {
		cancel: canCancel(task),
		retry: canRetry(task),
		hold: isInLine && task.held === null,
		release: task.held !== null && task.held.by !== BUDGET_HOLDER,
		boost: isInLine && !task.boosted,
		unboost: isInLine && task.boosted,
		move: isInLine,
	};
	return TASK_ACTS.filter((verb) => can[verb]);
};
