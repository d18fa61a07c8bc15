import type { TaskSummary } from '../../../shared/protocol/task.ts';
import { TaskChip } from '../state-chip.tsx';

/** How a task is; what is held or boosted does not look like what waits its turn. */
export const TaskStateChip = ({ task }: { task: TaskSummary }) => (
	<TaskChip
		state={task.state}
		progress={task.progress}
		cancelling={task.cancelRequested && task.finishedAt === null}
		held={task.held !== null}
		boosted={task.boosted}
	/>
);
