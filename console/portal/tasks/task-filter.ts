import { z } from 'zod';
import { idSchema } from '../../../shared/protocol/ids.ts';
import { queueNameSchema } from '../../../shared/protocol/node.ts';
import {
	isFinalTaskState,
	type TaskState,
	taskListStateSchema,
	taskStateSchema,
	UNSUCCESSFUL_TASK_STATES,
} from '../../../shared/protocol/task.ts';
import { taskTypeNameSchema } from '../../../shared/protocol/task-type.ts';
import type { TaskFilter } from '../remote/keys.ts';

const filterSchema = z.object({
	state: taskListStateSchema.optional().catch(undefined),
	type: taskTypeNameSchema.optional().catch(undefined),
	queue: queueNameSchema.optional().catch(undefined),
	file: idSchema('file').optional().catch(undefined),
	job: idSchema('job').optional().catch(undefined),
});

/** The filter in an address; what is not valid there is as if it were not there. */
export const filterOfUrl = (params: URLSearchParams): TaskFilter => {
	const parsed = filterSchema.parse(Object.fromEntries(params));
	return Object.fromEntries(Object.entries(parsed).filter(([, value]) => value !== undefined));
};

interface Fitting {
	type: string;
	state: string;
	file: string | null;
}

/** Whether a live update is about a task that the list would show. Of queues and jobs updates tell nothing: those lists are read again. */
export const mayFit = (filter: TaskFilter, task: Fitting): boolean => {
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
