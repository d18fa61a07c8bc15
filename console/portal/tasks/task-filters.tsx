import { Button, NativeSelect } from '@mantine/core';
import { Icon } from '../../kit/icons.tsx';
import { useSearchParam } from '../../kit/shell/use-search-param.ts';
import { STATE_CHOICES } from '../../kit/tasks/state-choices.ts';
import { useTaskTypeNames } from '../remote/use-tasks.ts';
import { QueueFilter } from './queue-filter.tsx';
import classes from './tasks.module.css';

/** The filter; each value lives in the address. */
export const TaskFilters = ({ count }: { count: string }) => {
	const [state, setState] = useSearchParam('state');
	const [type, setType] = useSearchParam('type');
	const [queue, setQueue] = useSearchParam('queue');
	const [file, setFile] = useSearchParam('file');
	const [job, setJob] = useSearchParam('job');
	const known = useTaskTypeNames();
	const types = known.includes(type) || type === '' ? known : [type, ...known];
	return (
		<>
			<NativeSelect
				className={classes.select!}
				aria-label="State"
				data={STATE_CHOICES}
				value={state}
				onChange={(event) => setState(event.currentTarget.value)}
			/>
			<NativeSelect
				className={classes.select!}
				aria-label="Type"
				data={[{ value: '', label: 'Any type' }, ...types.map((name) => ({ value: name, label: name }))]}
				value={type}
				onChange={(event) => setType(event.currentTarget.value)}
			/>
			<QueueFilter key={queue} queue={queue} onChange={setQueue} />
			{file !== '' && (
				<Button variant="light" rightSection={<Icon name="close" size={14} />} onClick={() => setFile('')}>
					Of one file<span className="millrace-off-screen">: show those of all files</span>
				</Button>
			)}
			{job !== '' && (
				<Button variant="light" rightSection={<Icon name="close" size={14} />} onClick={() => setJob('')}>
					Of one job<span className="millrace-off-screen">: show those of all jobs</span>
				</Button>
			)}
			<span className={classes.count} role="status">
				{count}
			</span>
		</>
	);
};
