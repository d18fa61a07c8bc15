import { useInfiniteQuery } from '@tanstack/react-query';
import { useMemo, useState } from 'react';
import { listTasks } from '../../../shared/client/tasks.ts';
import type { TaskSummary } from '../../../shared/protocol/task.ts';
import { useLivePatches } from '../../kit/live/live.tsx';
import { type Pages, rowsOf } from '../../kit/live/pages.ts';
import { indexPatches, patchTaskList } from '../../kit/live/task-patches.ts';
import { http } from '../../kit/remote/api.ts';
import { queryClient } from '../../kit/remote/query-client.ts';
import { keys } from '../remote/keys.ts';
import { freshTasks, newestOf } from './fresh-tasks.ts';
import type { TaskFilter } from './task-filter.ts';

const PAGE = 100;
const NONE: ReadonlySet<string> = new Set();

/**
 * Everybody's tasks that fit, newest first. Rows change where they are as updates come; what is new since the list was
 * first read is kept back, however often it is read again, until it is asked for.
 */
export const useTaskList = (filter: TaskFilter) => {
	const queryKey = keys.taskList(filter);
	const query = useInfiniteQuery({
		queryKey,
		queryFn: ({ pageParam, signal }) =>
			listTasks(
				http,
				{ owner: 'all', ...filter, limit: PAGE, ...(pageParam === undefined ? {} : { cursor: pageParam }) },
				{ signal },
			),
		initialPageParam: undefined as string | undefined,
		getNextPageParam: (page) => page.nextCursor ?? undefined,
		staleTime: 0,
	});
	const { hasNextPage, dataUpdatedAt } = query;
	const read = useMemo(() => rowsOf(query.data), [query.data]);
	const [asked, setAsked] = useState(Date.now);
	const [top, setTop] = useState<string | null>(null);
	const [seen, setSeen] = useState(NONE);
	// What the cache had from the last visit is not what the person sees first.
	if (top === null && dataUpdatedAt >= asked) setTop(newestOf(read));
	const rows = useMemo(() => (top === null ? read : read.filter(({ id }) => id <= top)), [read, top]);
	const ids = useMemo(() => new Set(rows.map(({ id }) => id)), [rows]);
	/** As old as it was: only a reading makes it new. */
	const change = (how: (pages: Pages<TaskSummary>) => Pages<TaskSummary>): void => {
		queryClient.setQueryData<Pages<TaskSummary>>(queryKey, (pages) => pages && how(pages), {
			updatedAt: dataUpdatedAt,
		});
	};
	useLivePatches((all) => {
		const patches = all.filter((patch) => patch.kind === 'task');
		if (patches.length === 0) return;
		change((pages) => patchTaskList(pages, indexPatches(patches)));
		if (top === null) return;
		const end = hasNextPage ? (rows.at(-1)?.id ?? null) : null;
		setSeen((before) => freshTasks(patches, filter, { ids, top, end }, before));
	});
	const fresh = useMemo(() => {
		const held = read.flatMap(({ id }) => (top !== null && id > top ? [id] : []));
		return new Set([...seen, ...held].filter((id) => !ids.has(id))).size;
	}, [read, seen, top, ids]);
	const showFresh = (): void => {
		setAsked(Date.now());
		setTop(null);
		setSeen(NONE);
		change(({ pages, pageParams }) => ({ pages: pages.slice(0, 1), pageParams: pageParams.slice(0, 1) }));
		void query.refetch();
	};
	return { ...query, rows, fresh, showFresh };
};
