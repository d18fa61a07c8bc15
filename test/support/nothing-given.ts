import type { TaskContext } from '../../agent/tasks/task-module.ts';

/** The part of a task’s context that tasks of files alone do not use. */
export const NOTHING_GIVEN: Pick<TaskContext, 'source' | 'egress' | 'secret'> = {
	source: null,
	egress: null,
	secret: () => null,
};
