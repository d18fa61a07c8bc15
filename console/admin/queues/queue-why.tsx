import { Link } from 'react-router';
import type { QueueDetail } from '../../../shared/protocol/queue.ts';
import page from '../../kit/shell/page.module.css';
import classes from './queues.module.css';
import { words } from './words.ts';

/** By which rules its tasks wait: the rule that keeps the most of them first, each in the words of its first task. */
export const QueueWhy = ({ queue }: { queue: Pick<QueueDetail, 'waits' | 'queued'> }) => {
	if (queue.waits.length === 0) {
		return <p className={page.quiet}>{queue.queued === 0 ? words.nothingWaits : words.beginsNow}</p>;
	}
	return (
		<ul className={classes.waits}>
			{queue.waits.map(({ rule, because, task, tasks }) => (
				<li key={rule}>
					<strong>{words.tasksOf(tasks)}</strong>
					<p>
						{because}{' '}
						<Link className={page.link!} to={`/tasks/${task}`}>
							{words.example}
						</Link>
					</p>
				</li>
			))}
		</ul>
	);
};
