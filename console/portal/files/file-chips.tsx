import { Fragment } from 'react';
import { Link } from 'react-router';
import type { FileTask } from '../../../shared/protocol/file.ts';
import { Icon } from '../../kit/icons.tsx';
import { TaskChip } from '../../kit/state-chip.tsx';
import classes from './files.module.css';

const ORDER = [
	'failed',
	'quarantined',
	'expired',
	'retrying',
	'running',
	'queued',
	'waiting',
	'cancelled',
	'succeeded',
];

/** Only the newest task of each type: an older run of the same has been replaced by it. */
export const newestOfEach = (tasks: readonly FileTask[]): FileTask[] => {
	const newest = new Map<string, FileTask>();
	for (const task of tasks) {
		const other = newest.get(task.type);
		// Ids are ordered by time.
		if (other === undefined || other.id < task.id) newest.set(task.type, task);
	}
	return [...newest.values()].sort(
		(a, b) => ORDER.indexOf(a.state) - ORDER.indexOf(b.state) || (a.type < b.type ? -1 : 1),
	);
};

const isDone = ({ state }: FileTask): boolean => state === 'succeeded';

/** How the processing of a file goes, task by task; each leads to its task. `brief` gathers what is done in one line. */
export const FileChips = ({ tasks, brief = false }: { tasks: readonly FileTask[]; brief?: boolean }) => {
	const newest = newestOfEach(tasks);
	const done = brief ? newest.filter(isDone) : [];
	return (
		<ul className={classes.chips} aria-label="Processing">
			{newest.map((task) =>
				brief && isDone(task) ? null : (
					<li key={task.type}>
						<Link to={`/tasks/${task.id}`} className={classes.chipLink!}>
							<TaskChip state={task.state} progress={task.progress} type={task.type} quiet />
						</Link>
					</li>
				),
			)}
			{done.length > 0 && (
				<li className={classes.done}>
					<Icon name="circleCheck" size={14} />
					<span>
						{done.map((task, at) => (
							<Fragment key={task.type}>
								{at > 0 && ', '}
								<Link to={`/tasks/${task.id}`}>{task.type}</Link>
							</Fragment>
						))}{' '}
						done
					</span>
				</li>
			)}
		</ul>
	);
};
