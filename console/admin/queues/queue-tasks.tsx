import { Link } from 'react-router';
import type { TaskSummary } from '../../../shared/protocol/task.ts';
import { errorText } from '../../kit/remote/error-text.ts';
import page from '../../kit/shell/page.module.css';
import { LoadingState } from '../../kit/states.tsx';
import { DataTable } from '../../kit/table/data-table.tsx';
import type { TableColumn } from '../../kit/table/table-column.ts';
import { RelativeTime } from '../../kit/time.tsx';
import { Whole } from '../numbers/numbers.tsx';
import classes from './queues.module.css';
import { useQueueTasks } from './use-queues.ts';
import { words } from './words.ts';

const SHOWN = 10;

const COLUMNS: readonly TableColumn<TaskSummary>[] = [
	{
		name: 'task',
		head: words.task,
		cell: ({ id, type }) => (
			<Link className={classes.count!} to={`/tasks/${id}`}>
				{type}
			</Link>
		),
		value: ({ id }) => id,
	},
	{
		name: 'owner',
		head: words.owner,
		cell: ({ owner, ownerName }) => <Whole>{ownerName ?? owner}</Whole>,
		value: ({ owner, ownerName }) => ownerName ?? owner,
	},
	{
		name: 'class',
		head: words.serviceClass,
		cell: ({ serviceClass }) => <Whole>{serviceClass ?? words.nothing}</Whole>,
		value: ({ serviceClass }) => serviceClass,
	},
	{
		name: 'priority',
		head: words.priority,
		isNumber: true,
		cell: ({ priority }) => priority,
		value: ({ priority }) => priority,
	},
	{
		name: 'since',
		head: words.since,
		cell: ({ queuedAt }) => (queuedAt === null ? words.nothing : <RelativeTime at={queuedAt} />),
		value: ({ queuedAt }) => queuedAt,
	},
];

/** Some of those that are in line; all of them are among the tasks. */
export const QueueTasks = ({ name }: { name: string }) => {
	const query = useQueueTasks(name, SHOWN);
	if (query.data === undefined) {
		if (query.error) return <p className={page.fault}>{errorText(query.error)}</p>;
		return <LoadingState what={words.theTasks} rows={3} />;
	}
	if (query.data.items.length === 0) return <p className={page.quiet}>{words.nobodyWaits}</p>;
	return (
		<>
			<p className={page.quiet}>{words.newest}</p>
			<DataTable
				label={words.whoWaits}
				rows={query.data.items}
				columns={COLUMNS}
				keyOf={({ id }) => id}
				csvName={`queue-${name}`}
			/>
		</>
	);
};
