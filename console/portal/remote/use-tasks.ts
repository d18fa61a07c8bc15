import { useQuery } from '@tanstack/react-query';
import { useMemo } from 'react';
import { listTaskTypes } from '../../../shared/client/task-types.ts';
import { readTask } from '../../../shared/client/tasks.ts';
import { http } from '../../kit/remote/api.ts';
import { keys } from './keys.ts';

export const useTask = (id: string) =>
	useQuery({ queryKey: keys.task(id), queryFn: ({ signal }) => readTask(http, id, { signal }), staleTime: 2_000 });

/** What can be run here. */
export const useTaskTypes = () =>
	useQuery({
		queryKey: keys.taskTypes,
		queryFn: ({ signal }) => listTaskTypes(http, { signal }),
		staleTime: 60_000,
	});

/** Names of the task types that there are, for filters. */
export const useTaskTypeNames = (): string[] => {
	const { data } = useTaskTypes();
	return useMemo(() => (data?.items ?? []).map(({ name }) => name).sort(), [data]);
};
