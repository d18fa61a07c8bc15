import { BUDGET_HOLDER } from '../../../shared/protocol/budget.ts';
import type { TaskDetail } from '../../../shared/protocol/task.ts';
import { RelativeTime } from '../time.tsx';
import { headlineOf } from './headline.ts';
import classes from './task-parts.module.css';

/** How the task is, in a sentence; of one that people hold, who does, since when and why; of one that a budget holds the sentence says so. */
export const TaskHeadline = ({ task }: { task: TaskDetail }) => (
	<p className={classes.headline} aria-live="polite">
		{task.held === null || task.held.by === BUDGET_HOLDER ? (
			headlineOf(task)
		) : (
			<>
				{task.state === 'running' && `${headlineOf(task)} `}
				Held by {task.held.by} <RelativeTime at={task.held.since} />
				{task.held.reason === null ? '' : `: “${task.held.reason}”`}.{' '}
				{task.state === 'running'
					? 'This attempt goes on; no other begins until it is released.'
					: 'It does not go into line until it is released.'}
			</>
		)}
	</p>
);
