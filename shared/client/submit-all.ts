import { MAX_BATCH, MAX_BATCH_BYTES } from '../protocol/task.ts';
import type { CallOptions, HttpClient } from './http-client.ts';
import { type NewTask, submitTask, submitTasks } from './tasks.ts';

/** As many tasks in each as the coordinator takes at once. */
export const batchesOf = (tasks: readonly NewTask[], mostBytes = MAX_BATCH_BYTES): NewTask[][] => {
	const batches: NewTask[][] = [];
	const encoder = new TextEncoder();
	let bytes = Number.POSITIVE_INFINITY;
	for (const task of tasks) {
		const size = encoder.encode(JSON.stringify(task)).length + 1;
		const last = batches.at(-1);
		if (last && last.length < MAX_BATCH && bytes + size < mostBytes) {
			last.push(task);
			bytes += size;
		} else {
			batches.push([task]);
			bytes = size + '{"tasks":[]}'.length;
		}
	}
	return batches;
};

/** Submits any number of tasks; each batch is all or none, and `onStarted` hears how many are on their way after each. */
export const submitAll = async (
	http: HttpClient,
	tasks: readonly NewTask[],
	{ onStarted, ...options }: Pick<CallOptions, 'signal'> & { onStarted?: (count: number) => void } = {},
): Promise<string[]> => {
	const [first, ...others] = tasks;
	const ids: string[] = [];
	if (first !== undefined && others.length === 0) ids.push((await submitTask(http, first, options)).id);
	else {
		for (const batch of batchesOf(tasks)) {
			ids.push(...(await submitTasks(http, batch, options)).ids);
			onStarted?.(ids.length);
		}
	}
	return ids;
};
