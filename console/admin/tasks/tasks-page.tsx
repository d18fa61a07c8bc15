import { Button } from '@mantine/core';
import { useEffect, useState } from 'react';
import { Icon } from '../../kit/icons.tsx';
import page from '../../kit/shell/page.module.css';
import { EmptyState } from '../../kit/states.tsx';
import { saveText, tableCsv } from '../../kit/table/table-csv.ts';
import { words as listWords } from '../../kit/tasks/list-words.ts';
import type { TaskFilter } from '../../kit/tasks/task-filter.ts';
import { TaskList } from '../../kit/tasks/task-list.tsx';
import { useTaskFilter } from '../../kit/tasks/use-task-filter.ts';
import { useTaskList } from '../../kit/tasks/use-task-list.ts';
import { useTitle } from '../../kit/use-title.ts';
import { useCommands } from '../palette/commands.tsx';
import { keys } from '../remote/keys.ts';
import { SelectionActs } from './selection-acts.tsx';
import { COLUMNS, TASK_CSV } from './task-columns.tsx';
import { FILTER_FIELDS, steerFilterOf } from './task-filter.ts';
import { TaskFilters } from './task-filters.tsx';
import classes from './tasks.module.css';
import { words } from './words.ts';

/** Everybody's tasks, live; every filtered view is an address. */
export const TasksPage = () => {
	useTitle(listWords.title);
	const { filter, search, clear } = useTaskFilter(FILTER_FIELDS);
	const [known, setKnown] = useState({ owner: '', name: '' });
	return (
		<>
			<div className={page.titleBar}>
				<h1 className={page.pageTitle}>{listWords.title}</h1>
			</div>
			<TaskFilters filter={filter} ownerName={filter.owner === known.owner ? known.name : null} />
			{/* Another filter is another list: its selection begins anew. */}
			<FilteredTasks key={search} filter={filter} onClear={clear} onOwner={setKnown} />
		</>
	);
};

interface FilteredProps {
	filter: TaskFilter;
	onClear(): void;
	/** Of whom the list is, once a task has told. */
	onOwner(known: { owner: string; name: string }): void;
}

const FilteredTasks = ({ filter, onClear, onOwner }: FilteredProps) => {
	const list = useTaskList({ queryKey: keys.taskList(filter), filter, isEverybodys: true });
	const { rows, selection } = list;
	const [areAllChosen, chooseAll] = useState(false);
	const { chosen } = selection.selection;
	const canChooseAll = steerFilterOf(filter) !== null;
	const clear = (): void => {
		selection.acts.clear();
		chooseAll(false);
	};
	const saveCsv = () => saveText(tableCsv(rows, TASK_CSV), 'tasks.csv', 'text/csv');
	const { owner, ownerName } = rows[0] ?? { owner: '', ownerName: null };
	useEffect(() => {
		if (ownerName !== null) onOwner({ owner, name: ownerName });
	}, [owner, ownerName, onOwner]);
	useCommands([
		{ id: 'tasks-csv', group: listWords.title, word: words.csv, icon: 'download', run: saveCsv },
		...(canChooseAll
			? [
					{
						...{ id: 'tasks-all', group: listWords.title, word: words.selectFitting, icon: 'list' as const },
						run: () => chooseAll(true),
					},
				]
			: []),
	]);
	return (
		<TaskList
			list={list}
			filter={filter}
			columns={COLUMNS}
			grid={classes.grid!}
			bar={
				(areAllChosen || chosen.size > 0) && (
					<SelectionActs chosen={areAllChosen ? null : [...chosen]} filter={filter} onClear={clear} />
				)
			}
			tools={(count) => (
				<>
					<div className={classes.count}>{count}</div>
					<Button
						size="compact-sm"
						variant="default"
						disabled={!canChooseAll}
						title={canChooseAll ? undefined : filter.cause ? words.causeByQuarantine : words.narrowFirst}
						onClick={() => chooseAll(true)}
					>
						{words.selectFitting}
					</Button>
					<Button
						size="compact-sm"
						variant="subtle"
						color="gray"
						disabled={rows.length === 0}
						leftSection={<Icon name="download" size={15} />}
						onClick={saveCsv}
					>
						{words.csvShort}
					</Button>
				</>
			)}
			none={
				<EmptyState icon="list" title={listWords.noneTitle}>
					{words.none}
				</EmptyState>
			}
			onClear={onClear}
		/>
	);
};
