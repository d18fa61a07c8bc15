import { Link } from 'react-router';
import type { JobView } from '../../../shared/protocol/job.ts';
import type { TaskListQuery } from '../../../shared/protocol/task.ts';
import { formatCount } from '../../kit/format.ts';
import classes from './jobs.module.css';

const COUNTS: { name: keyof JobView['tasks']; word: string; state: TaskListQuery['state'] | '' }[] = [
	{ name: 'total', word: 'All', state: '' },
	{ name: 'open', word: 'Not finished', state: 'open' },
	{ name: 'succeeded', word: 'Done', state: 'succeeded' },
	{ name: 'failed', word: 'Failed', state: 'unsuccessful' },
	{ name: 'cancelled', word: 'Cancelled', state: 'cancelled' },
];

/** The job’s tasks by what became of them; each number leads to the list that it counts. */
export const TaskCounts = ({ job }: { job: JobView }) => (
	<ul className={classes.counts}>
		{COUNTS.map(({ name, word, state }) => (
			<li key={name}>
				<strong>{formatCount(job.tasks[name])}</strong>
				{job.tasks[name] > 0 ? (
					<Link to={`/tasks?job=${job.id}${state === '' ? '' : `&state=${state}`}`}>{word}</Link>
				) : (
					<span>{word}</span>
				)}
			</li>
		))}
	</ul>
);
