import { Link } from 'react-router';
import type { FileTask } from '../../../shared/protocol/file.ts';
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

/** How the processing of a file goes, task by task; each leads to its task. */
export const FileChips = ({ tasks }: { tasks: readonly FileTask[] }) => (
	<ul className={classes.chips} aria-label="Processing">
		{newestOfEach(tasks).map((task) => (
			<li key={task.type}>
				<Link to={`/tasks/${task.id}`} className={classes.chipLink!}>
					<TaskChip state={task.state} progress={task.progress} type={task.type} quiet />
				</Link>
			</li>
		))}
	</ul>
);
