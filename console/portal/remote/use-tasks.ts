import { useInfiniteQuery, useQuery } from '@tanstack/react-query';
import { useMemo } from 'react';
import { listTaskTypes } from '../../../shared/client/task-types.ts';
import { listTasks, readTask } from '../../../shared/client/tasks.ts';
import { rowsOf } from '../../kit/live/pages.ts';
import { http } from '../../kit/remote/api.ts';
import { keys, type TaskFilter } from './keys.ts';

const PAGE = 100;

/** Tasks that fit the filter, newest first, page after page. */
export const useTasks = (filter: TaskFilter) => {
	const query = useInfiniteQuery({
		queryKey: keys.taskList(filter),
		queryFn: ({ pageParam, signal }) =>
			listTasks(
				http,
				{ ...filter, limit: PAGE, ...(pageParam === undefined ? {} : { cursor: pageParam }) },
				{ signal },
			),
		initialPageParam: undefined as string | undefined,
		getNextPageParam: (page) => page.nextCursor ?? undefined,
	});
	const tasks = useMemo(() => rowsOf(query.data), [query.data]);
	return { ...query, tasks };
};

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
