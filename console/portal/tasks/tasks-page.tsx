import { Button } from '@mantine/core';
import { useMemo } from 'react';
import { useNavigate, useSearchParams } from 'react-router';
import type { TaskSummary } from '../../../shared/protocol/task.ts';
import { formatCount, plural } from '../../kit/format.ts';
import { Icon } from '../../kit/icons.tsx';
import { queryClient } from '../../kit/remote/query-client.ts';
import { RowGrid } from '../../kit/row-grid.tsx';
import { SelectionBar, Tools } from '../../kit/shell/selection-bar.tsx';
import { EmptyState, ErrorState, LoadingState } from '../../kit/states.tsx';
import { canCancel, canRetry } from '../../kit/tasks/headline.ts';
import { useSelection } from '../../kit/use-selection.ts';
import { useTitle } from '../../kit/use-title.ts';
import { keys } from '../remote/keys.ts';
import { useTasks } from '../remote/use-tasks.ts';
import { cancelTasks, retryTasks } from './task-acts.ts';
import { TASK_COLUMNS } from './task-columns.tsx';
import { filterOfUrl } from './task-filter.ts';
import { TaskFilters } from './task-filters.tsx';
import classes from './tasks.module.css';
import { useNewTasks } from './use-new-tasks.ts';

/** Tasks by state, type, queue and file, live; every filtered view is an address. */
export const TasksPage = () => {
	const [params, setParams] = useSearchParams();
	const search = params.toString();
	// Another filter is another list: its selection begins anew.
	return <FilteredTasks key={search} search={search} onClear={() => setParams({})} />;
};

const FilteredTasks = ({ search, onClear }: { search: string; onClear(): void }) => {
	useTitle('Tasks');
	const navigate = useNavigate();
	const filter = useMemo(() => filterOfUrl(new URLSearchParams(search)), [search]);
	const query = useTasks(filter);
	const { tasks } = query;
	const order = useMemo(() => tasks.map(({ id }) => id), [tasks]);
	const selection = useSelection(order);
	const shown = useMemo(() => new Set(order), [order]);
	const fresh = useNewTasks(filter, shown, query.isPending ? null : (order[0] ?? ''));
	const chosen = tasks.filter(({ id }) => selection.selection.chosen.has(id));
	const isFiltered = Object.keys(filter).length > 0;

	return (
		<>
			<h1 className={classes.pageTitle}>Tasks</h1>
			<Tools
				className={classes.tools!}
				bar={chosen.length > 0 && <ChosenBar chosen={chosen} onClear={selection.acts.clear} />}
			>
				<TaskFilters count={query.isPending ? '' : countWords(tasks.length, query.hasNextPage)} />
			</Tools>
			{fresh > 0 && (
				<Button
					className={classes.fresh!}
					variant="light"
					fullWidth
					onClick={() => void queryClient.resetQueries({ queryKey: keys.taskList(filter) })}
				>
					{formatCount(fresh)} new – show
				</Button>
			)}
			<div className={classes.card}>
				{query.isPending ? (
					<LoadingState what="the tasks" />
				) : query.isError && tasks.length === 0 ? (
					<ErrorState error={query.error} what="The tasks cannot be shown" onRetry={() => void query.refetch()} />
				) : tasks.length === 0 && isFiltered ? (
					<EmptyState
						icon="search"
						title="No task fits this filter"
						actions={<Button onClick={onClear}>Clear the filter</Button>}
					>
						There may be others.
					</EmptyState>
				) : tasks.length === 0 ? (
					<EmptyState
						icon="list"
						title="No tasks yet"
						actions={<Button onClick={() => navigate('/files')}>To the files</Button>}
					>
						Upload a file and its processing appears here: what waits, what runs where, what came out.
					</EmptyState>
				) : (
					<RowGrid
						label="Tasks"
						className={classes.grid!}
						rows={tasks}
						columns={TASK_COLUMNS}
						nameOf={({ type, inputs }) => `${type} ${inputs[0]?.path ?? ''}`.trim()}
						selection={selection}
						rowHeight={61}
						hasMore={query.hasNextPage}
						onOpen={({ id }) => navigate(`/tasks/${id}`)}
					/>
				)}
			</div>
			{query.hasNextPage && (
				<Button
					className={classes.more!}
					variant="default"
					loading={query.isFetchingNextPage}
					onClick={() => void query.fetchNextPage()}
				>
					Load more
				</Button>
			)}
		</>
	);
};

const countWords = (read: number, hasMore: boolean): string =>
	hasMore ? `${formatCount(read)} and more` : plural(read, 'task');

const ChosenBar = ({ chosen, onClear }: { chosen: readonly TaskSummary[]; onClear(): void }) => {
	const open = chosen.filter(canCancel);
	const retryable = chosen.filter(canRetry);
	return (
		<SelectionBar words={`${formatCount(chosen.length)} selected`} onClear={onClear}>
			<Button
				variant="default"
				size="sm"
				disabled={open.length === 0}
				leftSection={<Icon name="ban" size={16} />}
				onClick={() => void cancelTasks(open)}
			>
				Cancel {formatCount(open.length)} open
			</Button>
			<Button
				variant="default"
				size="sm"
				disabled={retryable.length === 0}
				leftSection={<Icon name="refresh" size={16} />}
				onClick={() => void retryTasks(retryable)}
			>
				Retry {formatCount(retryable.length)} not done
			</Button>
		</SelectionBar>
	);
};
