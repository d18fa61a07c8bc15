import { Link } from 'react-router';
import type { TaskSummary } from '../../../shared/protocol/task.ts';
import type { RowColumn } from '../grid-row.tsx';
import { Duration, RelativeTime } from '../time.tsx';
import { words } from './list-words.ts';
import { visible } from './log-lines.ts';
import classes from './task-list.module.css';
import { TaskStateChip } from './task-state-chip.tsx';
import { subjectOf } from './task-subject.ts';

type Column = RowColumn<TaskSummary>;

/** A column of short text that stays behind the rest. */
export const quietColumn = (name: string, head: string, text: (task: TaskSummary) => string): Column => ({
	...{ name, head },
	cell: (task) => <span className={classes.quiet}>{text(task)}</span>,
});

/** What lists show of each task: each screen says which of these it has, and what more. */
export const TASK_COLUMNS = {
	task: {
		name: 'task',
		head: words.task,
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
	state: { name: 'state', head: words.state, cell: (task) => <TaskStateChip task={task} /> },
	queue: quietColumn('queue', words.queue, ({ queue }) => queue ?? words.noQueue),
	node: quietColumn('node', words.node, ({ node }) => node ?? '–'),
	took: {
		name: 'took',
		head: words.took,
		cell: ({ startedAt, finishedAt }) => (
			<span className={classes.quiet}>
				{startedAt === null ? '–' : <Duration from={startedAt} until={finishedAt} />}
			</span>
		),
	},
	created: {
		name: 'created',
		head: words.submitted,
		cell: ({ createdAt }) => (
			<span className={classes.quiet}>
				<RelativeTime at={createdAt} />
			</span>
		),
	},
} satisfies Record<string, Column>;
