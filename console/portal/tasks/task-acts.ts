import { cancelTask, retryTask } from '../../../shared/client/tasks.ts';
import type { TaskSummary } from '../../../shared/protocol/task.ts';
import { plural } from '../../kit/format.ts';
import { notifyDone, notifyError } from '../../kit/notify.tsx';
import { http } from '../../kit/remote/api.ts';
import { errorText } from '../../kit/remote/error-text.ts';
import { queryClient } from '../../kit/remote/query-client.ts';
import { keys } from '../remote/keys.ts';

const AT_ONCE = 6;

const forEach = async (
	tasks: readonly Pick<TaskSummary, 'id' | 'type'>[],
	words: { done: string; failed: string },
	act: (id: string) => Promise<unknown>,
): Promise<void> => {
	const waiting = [...tasks];
	let done = 0;
	const failures: unknown[] = [];
	const work = async () => {
		for (let task = waiting.shift(); task; task = waiting.shift()) {
			try {
				await act(task.id);
				done += 1;
			} catch (error) {
				failures.push(error);
			}
		}
	};
	await Promise.all(Array.from({ length: AT_ONCE }, work));
	if (failures.length > 0) notifyError(`${plural(failures.length, 'task')} ${words.failed}`, errorText(failures[0]));
	if (done > 0) notifyDone(`${plural(done, 'task')} ${words.done}`);
	void queryClient.invalidateQueries({ queryKey: keys.taskLists });
	void queryClient.invalidateQueries({ queryKey: keys.tasks });
};

/** Asks for the end of tasks; those that run are told to stop. */
export const cancelTasks = (tasks: readonly Pick<TaskSummary, 'id' | 'type'>[]): Promise<void> =>
	forEach(tasks, { done: 'cancelled', failed: 'could not be cancelled' }, (id) => cancelTask(http, id));

/** Queues tasks again. */
export const retryTasks = (tasks: readonly Pick<TaskSummary, 'id' | 'type'>[]): Promise<void> =>
	forEach(tasks, { done: 'queued again', failed: 'could not be queued again' }, (id) => retryTask(http, id));
