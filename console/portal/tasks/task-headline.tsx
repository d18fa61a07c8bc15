import type { TaskDetail } from '../../../shared/protocol/task.ts';
import { RelativeTime } from '../../kit/time.tsx';
import { headlineOf } from './headline.ts';
import classes from './task-page.module.css';

/** How the task is, in a sentence; of a held one, who holds it, since when and why. */
export const TaskHeadline = ({ task }: { task: TaskDetail }) => (
	<p className={classes.headline} aria-live="polite">
		{task.held === null ? (
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
