import type { TaskState } from '../../../shared/protocol/task.ts';

/** The list of the tasks that go by a class. */
export const tasksOf = (name: string, state: TaskState): string => `/tasks?serviceClass=${name}&state=${state}`;
