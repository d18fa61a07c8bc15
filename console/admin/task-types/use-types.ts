import { useQuery } from '@tanstack/react-query';
import { listTaskTypes, readTaskType } from '../../../shared/client/task-types.ts';
import { readTask } from '../../../shared/client/tasks.ts';
import { isFinalTaskState } from '../../../shared/protocol/task.ts';
import { http } from '../../kit/remote/api.ts';
import { keys } from '../remote/keys.ts';

const REREAD_MS = 1_000;

export const useTypes = () =>
	useQuery({
		queryKey: keys.taskTypes,
		queryFn: async ({ signal }) => (await listTaskTypes(http, { signal })).items,
	});

export const useType = (name: string) =>
	useQuery({
		queryKey: keys.taskType(name),
		queryFn: ({ signal }) => readTaskType(http, name, undefined, { signal }),
	});

/** A task that was made to try a type out, until it is over. */
export const useTestRun = (id: string) =>
	useQuery({
		queryKey: keys.testRun(id),
		queryFn: ({ signal }) => readTask(http, id, { signal }),
		refetchInterval: ({ state }) => (state.data && isFinalTaskState(state.data.state) ? false : REREAD_MS),
	});
