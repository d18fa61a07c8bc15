import type { Me } from '../../../shared/protocol/account.ts';
import type { TaskVerb } from '../../../shared/protocol/act.ts';
import type { TaskDetail } from '../../../shared/protocol/task.ts';
import { canCancel, canHold, canRelease, canRetry } from '../../kit/tasks/headline.ts';
import { TASK_ACTS } from '../tasks/verbs.ts';

type Steered = Pick<TaskDetail, 'state' | 'held' | 'owner' | 'boosted' | 'cancelRequested'>;

/** What somebody can do to a task as it is; nothing more to one that is being cancelled than to end a hold. */
export const actsFor = (task: Steered, me: Pick<Me, 'id' | 'username' | 'role'>): TaskVerb[] => {
	const isInLine = ['waiting', 'queued', 'retrying'].includes(task.state) && !task.cancelRequested;
	const can: Record<TaskVerb, boolean> = {
		cancel: canCancel(task),
		retry: canRetry(task),
		hold: canHold(task, me),
		release: canRelease(task, me),
		boost: isInLine && !task.boosted,
		unboost: isInLine && task.boosted,
		move: isInLine,
	};
	return TASK_ACTS.filter((verb) => can[verb]);
};
