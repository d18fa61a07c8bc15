import { Button } from '@mantine/core';
import { useNavigate } from 'react-router';
import type { TaskSummary } from '../../../shared/protocol/task.ts';
import { Icon } from '../../kit/icons.tsx';
import page from '../../kit/shell/page.module.css';
import { SelectionBar } from '../../kit/shell/selection-bar.tsx';
import { EmptyState } from '../../kit/states.tsx';
import { canCancel, canRetry } from '../../kit/tasks/headline.ts';
import { words as listWords } from '../../kit/tasks/list-words.ts';
import { TASK_COLUMNS } from '../../kit/tasks/task-columns.tsx';
import type { FilterField, TaskFilter } from '../../kit/tasks/task-filter.ts';
import { TaskList } from '../../kit/tasks/task-list.tsx';
import { useTaskFilter } from '../../kit/tasks/use-task-filter.ts';
import { useTaskList } from '../../kit/tasks/use-task-list.ts';
import { useTitle } from '../../kit/use-title.ts';
import { keys } from '../remote/keys.ts';
import { cancelTasks, retryTasks } from './task-acts.ts';
import { TaskFilters } from './task-filters.tsx';
import classes from './tasks.module.css';
import { words } from './words.ts';

const FIELDS: readonly FilterField[] = ['state', 'type', 'queue', 'file', 'job'];
const { task, state, queue, node, took, created } = TASK_COLUMNS;
const COLUMNS = [task, state, queue, node, took, created];

/** Tasks by state, type, queue and file, live; every filtered view is an address. */
export const TasksPage = () => {
	useTitle(listWords.title);
	const { filter, search, clear } = useTaskFilter(FIELDS);
	return (
		<>
			<h1 className={page.pageTitle}>{listWords.title}</h1>
			{/* Another filter is another list: its selection begins anew. */}
			<FilteredTasks key={search} filter={filter} onClear={clear} />
		</>
	);
};

const FilteredTasks = ({ filter, onClear }: { filter: TaskFilter; onClear(): void }) => {
	const navigate = useNavigate();
	const list = useTaskList({ queryKey: keys.taskList(filter), filter });
	const { selection, acts } = list.selection;
	const chosen = list.rows.filter(({ id }) => selection.chosen.has(id));
	return (
		<TaskList
			list={list}
			filter={filter}
			columns={COLUMNS}
			grid={classes.grid!}
			bar={chosen.length > 0 && <ChosenBar chosen={chosen} onClear={acts.clear} />}
			tools={(count) => (
				<>
					<TaskFilters />
					{count}
				</>
			)}
			none={
				<EmptyState
					icon="list"
					title={listWords.noneTitle}
					actions={<Button onClick={() => navigate('/files')}>{words.toFiles}</Button>}
				>
					{words.none}
				</EmptyState>
			}
			onClear={onClear}
		/>
	);
};

const ChosenBar = ({ chosen, onClear }: { chosen: readonly TaskSummary[]; onClear(): void }) => {
	const open = chosen.filter(canCancel);
	const retryable = chosen.filter(canRetry);
	return (
		<SelectionBar words={listWords.selected(chosen.length)} onClear={onClear}>
			<Button
				variant="default"
				size="sm"
				disabled={open.length === 0}
				leftSection={<Icon name="ban" size={16} />}
				onClick={() => void cancelTasks(open)}
			>
				{words.cancelOpen(open.length)}
			</Button>
			<Button
				variant="default"
				size="sm"
				disabled={retryable.length === 0}
				leftSection={<Icon name="refresh" size={16} />}
				onClick={() => void retryTasks(retryable)}
			>
				{words.retryNotDone(retryable.length)}
			</Button>
		</SelectionBar>
	);
};
