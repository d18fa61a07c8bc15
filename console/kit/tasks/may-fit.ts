import {
	isFinalTaskState,
	type TaskListQuery,
	type TaskState,
	taskStateSchema,
	UNSUCCESSFUL_TASK_STATES,
} from '../../../shared/protocol/task.ts';

interface Fitting {
	type: string;
	state: string;
	file: string | null;
}

/** Whether a live update is about a task that the list would show. Of queues and jobs updates tell nothing: those lists are read again. */
export const mayFit = (filter: Pick<Partial<TaskListQuery>, 'state' | 'type' | 'file'>, task: Fitting): boolean => {
	if (filter.type !== undefined && filter.type !== task.type) return false;
	if (filter.file !== undefined && filter.file !== task.file) return false;
	if (filter.state === undefined) return true;
	// What comes is held by nobody yet.
	if (filter.state === 'held') return false;
	const state: TaskState | undefined = taskStateSchema.safeParse(task.state).data;
	if (state === undefined) return false;
	if (filter.state === 'open') return !isFinalTaskState(state);
	if (filter.state === 'final') return isFinalTaskState(state);
	if (filter.state === 'unsuccessful') return (UNSUCCESSFUL_TASK_STATES as readonly TaskState[]).includes(state);
	return filter.state === state;
};
