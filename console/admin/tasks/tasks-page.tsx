import { Button } from '@mantine/core';
import { useEffect, useMemo, useState } from 'react';
import { useNavigate, useSearchParams } from 'react-router';
import { Icon } from '../../kit/icons.tsx';
import { RowGrid } from '../../kit/row-grid.tsx';
import page from '../../kit/shell/page.module.css';
import { Tools } from '../../kit/shell/selection-bar.tsx';
import { saveText, tableCsv } from '../../kit/table/table-csv.ts';
import { useSelection } from '../../kit/use-selection.ts';
import { useTitle } from '../../kit/use-title.ts';
import { useCommands } from '../palette/commands.tsx';
import { MOST_FRESH } from './fresh-tasks.ts';
import { ListState } from './list-state.tsx';
import { SelectionActs } from './selection-acts.tsx';
import { TASK_COLUMNS, TASK_CSV } from './task-columns.tsx';
import { FILTER_FIELDS, filterOfUrl, isToldByPatches, steerFilterOf } from './task-filter.ts';
import { TaskFilters } from './task-filters.tsx';
import classes from './tasks.module.css';
import { useTaskList } from './use-task-list.ts';
import { words } from './words.ts';

/** Everybody's tasks, live; every filtered view is an address. */
export const TasksPage = () => {
	useTitle(words.title);
	const [params, setParams] = useSearchParams();
	const search = String(
		new URLSearchParams([...params].filter(([name]) => FILTER_FIELDS.some((field) => field === name))),
	);
	const filter = useMemo(() => filterOfUrl(new URLSearchParams(search)), [search]);
	const [known, setKnown] = useState({ owner: '', name: '' });
	return (
		<>
			<div className={page.titleBar}>
				<h1 className={page.pageTitle}>{words.title}</h1>
			</div>
			<TaskFilters filter={filter} ownerName={filter.owner === known.owner ? known.name : null} />
			{/* Another filter is another list: its selection begins anew. */}
			<FilteredTasks key={search} filter={filter} onClear={() => setParams({})} onOwner={setKnown} />
		</>
	);
};

interface FilteredProps {
	filter: ReturnType<typeof filterOfUrl>;
	onClear(): void;
	/** Of whom the list is, once a task has told. */
	onOwner(known: { owner: string; name: string }): void;
}

const FilteredTasks = ({ filter, onClear, onOwner }: FilteredProps) => {
	const navigate = useNavigate();
	const query = useTaskList(filter);
	const { rows, fresh, hasNextPage } = query;
	const order = useMemo(() => rows.map(({ id }) => id), [rows]);
	const selection = useSelection(order);
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
		{ id: 'tasks-csv', group: words.title, word: words.csv, icon: 'download', run: saveCsv },
		...(canChooseAll
			? [
					{
						...{ id: 'tasks-all', group: words.title, word: words.selectFitting, icon: 'list' as const },
						run: () => chooseAll(true),
					},
				]
			: []),
	]);
	return (
		<>
			<Tools
				className={classes.tools!}
				bar={
					(areAllChosen || chosen.size > 0) && (
						<SelectionActs chosen={areAllChosen ? null : [...chosen]} filter={filter} onClear={clear} />
					)
				}
			>
				<span className={classes.count} role="status">
					{query.isPending ? '' : words.shown(rows.length, hasNextPage)}
				</span>
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
					CSV
				</Button>
			</Tools>
			{fresh > 0 && (
				<Button className={classes.fresh!} variant="light" fullWidth onClick={query.showFresh}>
					{isToldByPatches(filter) ? words.fresh(fresh, MOST_FRESH) : words.mayBeFresh}
				</Button>
			)}
			<div className={classes.card}>
				{rows.length === 0 ? (
					<ListState query={query} isFiltered={Object.keys(filter).length > 0} onClear={onClear} />
				) : (
					<RowGrid
						label={words.title}
						className={classes.grid!}
						rows={rows}
						columns={TASK_COLUMNS}
						nameOf={({ type, inputs }) => `${type} ${inputs[0]?.path ?? ''}`.trim()}
						selection={selection}
						rowHeight={61}
						hasMore={hasNextPage}
						onOpen={({ id }) => navigate(`/tasks/${id}`)}
					/>
				)}
			</div>
			{hasNextPage && rows.length > 0 && (
				<Button
					className={page.more!}
					variant="default"
					loading={query.isFetchingNextPage}
					onClick={() => void query.fetchNextPage()}
				>
					{words.loadMore}
				</Button>
			)}
		</>
	);
};
