import type { TaskDetail } from '../../../shared/protocol/task.ts';
import { formatBytes, formatDuration } from '../format.ts';
import { readWords } from './read-words.ts';
import classes from './task-parts.module.css';

/** What the task has used, over all its attempts. */
export const UsageFigures = ({ task }: { task: TaskDetail }) => {
	const { usage } = task;
	const figures = [
		['Time, with fetching its input', formatDuration(usage.wallMs)],
		['CPU', formatDuration(usage.cpuMs)],
		['Peak memory', formatBytes(usage.peakMemoryBytes)],
		['Fetched', readWords(task)],
		['Handed over', formatBytes(usage.bytesOut)],
		...(usage.deviceMs > 0 ? [['Devices', formatDuration(usage.deviceMs)]] : []),
		...(usage.gpuMs > 0 ? [['GPU', formatDuration(usage.gpuMs)]] : []),
		...(usage.flags.length > 0 ? [['Cut, as it could not be', usage.flags.join(', ')]] : []),
	];
	return (
		<dl className={classes.figures}>
			{figures.map(([name, value]) => (
				<div key={name}>
					<dt>{name}</dt>
					<dd>{value}</dd>
				</div>
			))}
		</dl>
	);
};
