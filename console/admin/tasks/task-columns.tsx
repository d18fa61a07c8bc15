import { Link } from 'react-router';
import type { TaskSummary } from '../../../shared/protocol/task.ts';
import type { RowColumn } from '../../kit/grid-row.tsx';
import type { TableColumn } from '../../kit/table/table-column.ts';
import { visible } from '../../kit/tasks/log-lines.ts';
import { TaskStateChip } from '../../kit/tasks/task-state-chip.tsx';
import { subjectOf } from '../../kit/tasks/task-subject.ts';
import { Duration, RelativeTime } from '../../kit/time.tsx';
import classes from './tasks.module.css';

/** Names are told to administrators only. */
export const ownerWords = ({ owner, ownerName }: Pick<TaskSummary, 'owner' | 'ownerName'>): string =>
	ownerName ?? `…${owner.slice(-6)}`;

/** The list of tasks that have a value in common with this one. */
export const tasksWith = (field: string, value: string): string => `/tasks?${new URLSearchParams({ [field]: value })}`;

const quiet = (text: string) => <span className={classes.quiet}>{text}</span>;

/** What the list shows of each task. */
export const TASK_COLUMNS: RowColumn<TaskSummary>[] = [
	{
		name: 'task',
		head: 'Task',
		cell: (task) => (
			<div className={classes.task}>
				<Link className={classes.type!} to={`/tasks/${task.id}`}>
					{task.type}
				</Link>
				<span className={classes.subject} data-error={task.error !== null || undefined}>
					{visible(subjectOf(task))}
				</span>
			</div>
		),
	},
	{ name: 'state', head: 'State', cell: (task) => <TaskStateChip task={task} /> },
	{
		name: 'owner',
		head: 'Owner',
		cell: (task) => (
			<Link className={classes.owner!} to={tasksWith('owner', task.owner)}>
				{ownerWords(task)}
			</Link>
		),
	},
	{ name: 'queue', head: 'Queue', cell: ({ queue }) => quiet(queue ?? 'none') },
	{ name: 'class', head: 'Class', cell: ({ serviceClass }) => quiet(serviceClass ?? '–') },
	{ name: 'node', head: 'Node', cell: ({ node }) => quiet(node ?? '–') },
	{
		name: 'took',
		head: 'Took',
		cell: ({ startedAt, finishedAt }) => (
			<span className={classes.quiet}>
				{startedAt === null ? '–' : <Duration from={startedAt} until={finishedAt} />}
			</span>
		),
	},
	{
		name: 'created',
		head: 'Submitted',
		cell: ({ createdAt }) => (
			<span className={classes.quiet}>
				<RelativeTime at={createdAt} />
			</span>
		),
	},
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
