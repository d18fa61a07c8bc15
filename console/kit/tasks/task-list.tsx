import { Button } from '@mantine/core';
import type { ReactNode } from 'react';
import { useNavigate } from 'react-router';
import type { TaskSummary } from '../../../shared/protocol/task.ts';
import type { RowColumn } from '../grid-row.tsx';
import { RowGrid } from '../row-grid.tsx';
import page from '../shell/page.module.css';
import { Tools } from '../shell/selection-bar.tsx';
import { MOST_FRESH } from './fresh-tasks.ts';
import { ListState } from './list-state.tsx';
import { words } from './list-words.ts';
import { isToldByPatches, type TaskFilter } from './task-filter.ts';
import classes from './task-list.module.css';
import type { TaskListOf } from './use-task-list.ts';

/** As tall as a row of two lines is. */
const ROW_HEIGHT = 61;

interface TaskListProps {
	list: TaskListOf;
	filter: TaskFilter;
	columns: readonly RowColumn<TaskSummary>[];
	/** Sets the columns' widths. */
	grid: string;
	/** What can be done to what is selected; null: nothing is. */
	bar: ReactNode;
	/** The tools, which are given how many there are. */
	tools(count: ReactNode): ReactNode;
	/** What is said where there are no tasks at all. */
	none: ReactNode;
	onClear(): void;
}

/** Tasks, live, to look at, select and open; the same on every screen but for what each says of itself. */
export const TaskList = ({ list, filter, columns, grid, bar, tools, none, onClear }: TaskListProps) => {
	const navigate = useNavigate();
	const { rows, fresh, hasNextPage } = list;
	const count = (
		<span className={classes.count} role="status">
			{list.isPending ? '' : words.shown(rows.length, hasNextPage)}
		</span>
	);
	return (
		<>
			<Tools className={classes.tools!} bar={bar}>
				{tools(count)}
			</Tools>
			{fresh > 0 && (
				<Button className={classes.fresh!} variant="light" fullWidth onClick={list.showFresh}>
					{isToldByPatches(filter) ? words.fresh(fresh, MOST_FRESH) : words.mayBeFresh}
				</Button>
			)}
			<div className={classes.card}>
				{rows.length === 0 ? (
					<ListState query={list} isFiltered={Object.keys(filter).length > 0} none={none} onClear={onClear} />
				) : (
					<RowGrid
						label={words.title}
						className={grid}
						rows={rows}
						columns={columns}
						nameOf={({ type, inputs }) => `${type} ${inputs[0]?.path ?? ''}`.trim()}
						selection={list.selection}
						rowHeight={ROW_HEIGHT}
						hasMore={hasNextPage}
						onOpen={({ id }) => navigate(`/tasks/${id}`)}
					/>
				)}
			</div>
			{hasNextPage && rows.length > 0 && (
				<Button
					className={page.more!}
					variant="default"
					loading={list.isFetchingNextPage}
					onClick={() => void list.fetchNextPage()}
				>
					{words.loadMore}
				</Button>
			)}
		</>
	);
};
