import { useMe } from '../../kit/session/session.tsx';
import page from '../../kit/shell/page.module.css';
import { ErrorState, LoadingState } from '../../kit/states.tsx';
import { DataTable } from '../../kit/table/data-table.tsx';
import type { TableColumn } from '../../kit/table/table-column.ts';
import { RelativeTime } from '../../kit/time.tsx';
import classes from './node.module.css';
import { type NodeEvent, useNodeEvents } from './use-node.ts';
import { words } from './words.ts';

/** What one need not read twice. */
const HIDDEN = new Set(['before', 'act', 'undoes']);

const detailOf = ({ detail }: NodeEvent): string =>
	Object.entries(detail)
		.filter(([name, value]) => !HIDDEN.has(name) && value !== null)
		.map(([name, value]) => `${name}: ${typeof value === 'string' ? value : JSON.stringify(value)}`)
		.join('; ');

const COLUMNS: TableColumn<NodeEvent>[] = [
	{
		name: 'at',
		head: words.when,
		cell: ({ at }) => (
			<span className={classes.keep}>
				<RelativeTime at={at} />
			</span>
		),
		value: ({ at }) => at,
	},
	{
		...{ name: 'action', head: words.action, value: ({ action }) => action },
		cell: ({ action, isRefused }) => (isRefused ? `${action} (${words.refused})` : action),
	},
	{ name: 'who', head: words.who, cell: ({ who }) => who, value: ({ who }) => who },
	{ name: 'detail', head: words.detail, cell: detailOf, value: detailOf },
];

/** Who did what to the node. */
export const EventsCard = ({ id }: { id: string }) => {
	const mayReadAudit = useMe().role === 'administrator';
	const events = useNodeEvents(id, mayReadAudit);
	return (
		<section className={page.card} aria-labelledby="node-events">
			<h2 id="node-events">{words.events}</h2>
			{events.data === undefined ? (
				events.error ? (
					<ErrorState error={events.error} what={words.eventsWhat} onRetry={() => void events.refetch()} />
				) : (
					<LoadingState what={words.theEvents} rows={3} />
				)
			) : events.data.length === 0 ? (
				<p className={page.quiet}>{words.noEvents}</p>
			) : (
				<DataTable
					label={words.events}
					rows={events.data}
					columns={COLUMNS}
					keyOf={({ id: key }) => key}
					sortName="events-sort"
					csvName="node-events"
				/>
			)}
			{!mayReadAudit && <p className={page.quiet}>{words.actsOnly}</p>}
		</section>
	);
};
