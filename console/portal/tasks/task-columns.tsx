import { Link } from 'react-router';
import type { TaskSummary } from '../../../shared/protocol/task.ts';
import type { RowColumn } from '../../kit/grid-row.tsx';
import { TaskStateChip } from '../../kit/tasks/task-state-chip.tsx';
import { subjectOf } from '../../kit/tasks/task-subject.ts';
import { Duration, RelativeTime } from '../../kit/time.tsx';

import classes from './tasks.module.css';

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
					{subjectOf(task)}
				</span>
			</div>
		),
	},
	{
		name: 'state',
		head: 'State',
		cell: (task) => <TaskStateChip task={task} />,
	},
	{ name: 'queue', head: 'Queue', cell: ({ queue }) => <span className={classes.quiet}>{queue ?? 'none'}</span> },
	{ name: 'node', head: 'Node', cell: ({ node }) => <span className={classes.quiet}>{node ?? '–'}</span> },
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
