import type { QueryKey } from '@tanstack/react-query';
import { useMemo, useState } from 'react';
import { listTasks } from '../../../shared/client/tasks.ts';
import type { TaskSummary } from '../../../shared/protocol/task.ts';
import { useLivePatches } from '../live/live.tsx';
import type { Pages } from '../live/pages.ts';
import { indexPatches, patchTaskList } from '../live/task-patches.ts';
import { http } from '../remote/api.ts';
import { queryClient } from '../remote/query-client.ts';
import { usePages } from '../remote/use-pages.ts';
import { useSelection } from '../use-selection.ts';
import { freshTasks, momentOf, newestOf } from './fresh-tasks.ts';
import type { TaskFilter } from './task-filter.ts';

const PAGE = 100;
const NONE: ReadonlySet<string> = new Set();

interface TaskListOptions {
	queryKey: QueryKey;
	filter: TaskFilter;
	/** Where the filter names nobody: everybody's, for those who may see them. Else one's own. */
	isEverybodys?: boolean;
}

/**
 * Tasks that fit, newest first. Rows change where they are as updates come; what is new since the list was first read is
 * kept back, however often it is read again, until it is asked for.
 */
export const useTaskList = ({ queryKey, filter, isEverybodys = false }: TaskListOptions) => {
	const query = usePages(
		queryKey,
		PAGE,
		(page, signal) => listTasks(http, { ...(isEverybodys && { owner: 'all' }), ...filter, ...page }, { signal }),
		{ staleTime: 0 },
	);
	const { rows: read, hasNextPage, dataUpdatedAt } = query;
	const [asked, setAsked] = useState(Date.now);
	/** The moment up to which tasks are shown. */
	const [top, setTop] = useState<string | null>(null);
	const [seen, setSeen] = useState(NONE);
	// What the cache had from the last visit is not what the person sees first.
	if (top === null && dataUpdatedAt >= asked) setTop(newestOf(read));
	const rows = useMemo(() => (top === null ? read : read.filter(({ id }) => momentOf(id) <= top)), [read, top]);
	const order = useMemo(() => rows.map(({ id }) => id), [rows]);
	const ids = useMemo(() => new Set(order), [order]);
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
		const held = read.flatMap(({ id }) => (top !== null && momentOf(id) > top ? [id] : []));
		return new Set([...seen, ...held].filter((id) => !ids.has(id))).size;
	}, [read, seen, top, ids]);
	const showFresh = (): void => {
		setAsked(Date.now());
		setTop(null);
		setSeen(NONE);
		change(({ pages, pageParams }) => ({ pages: pages.slice(0, 1), pageParams: pageParams.slice(0, 1) }));
		void query.refetch();
	};
	return { ...query, rows, fresh, showFresh, selection: useSelection(order) };
};

export type TaskListOf = ReturnType<typeof useTaskList>;
