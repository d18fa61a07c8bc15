import { Link } from 'react-router';
import type { TaskSummary } from '../../../shared/protocol/task.ts';
import type { RowColumn } from '../../kit/grid-row.tsx';
import type { TableColumn } from '../../kit/table/table-column.ts';
import { quietColumn, TASK_COLUMNS } from '../../kit/tasks/task-columns.tsx';
import classes from './tasks.module.css';
import { words } from './words.ts';

/** Names are told to administrators only. */
export const ownerWords = ({ owner, ownerName }: Pick<TaskSummary, 'owner' | 'ownerName'>): string =>
	ownerName ?? `…${owner.slice(-6)}`;

/** The list of tasks that have a value in common with this one. */
export const tasksWith = (field: string, value: string): string => `/tasks?${new URLSearchParams({ [field]: value })}`;

const { task, state, queue, node, took, created } = TASK_COLUMNS;

/** What the list shows of each task. */
export const COLUMNS: readonly RowColumn<TaskSummary>[] = [
	task,
	state,
	{
		name: 'owner',
		head: words.owner,
		cell: (one) => (
			<Link className={classes.owner!} to={tasksWith('owner', one.owner)}>
				{ownerWords(one)}
			</Link>
		),
	},
	queue,
	quietColumn('class', words.class, ({ serviceClass }) => serviceClass ?? '–'),
	node,
	took,
	created,
];

const csv = (head: string, value: (task: TaskSummary) => string | number | null): TableColumn<TaskSummary> => ({
	...{ name: head, head, value },
	cell: () => null,
});

/** What a CSV of the list has: more than fits on a screen. */
export const TASK_CSV: readonly TableColumn<TaskSummary>[] = [
	csv('id', ({ id }) => id),
	csv('type', ({ type }) => type),
	csv('state', ({ state }) => state),
	csv('held', ({ held }) => (held === null ? '' : held.by)),
	csv('owner', ({ ownerName, owner }) => ownerName ?? owner),
	csv('queue', ({ queue }) => queue),
	csv('routing key', ({ routingKey }) => routingKey),
	csv('class', ({ serviceClass }) => serviceClass),
	csv('priority', ({ priority }) => priority),
	csv('node', ({ node }) => node),
	csv('submitted', ({ createdAt }) => createdAt),
	csv('started', ({ startedAt }) => startedAt),
	csv('finished', ({ finishedAt }) => finishedAt),
	csv('error', ({ error }) => error?.code ?? ''),
	csv('message', ({ error }) => error?.message ?? ''),
	csv('input', ({ inputs }) => inputs[0]?.path ?? ''),
];
