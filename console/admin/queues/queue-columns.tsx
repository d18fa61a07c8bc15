import { Link } from 'react-router';
import type { QueueView } from '../../../shared/protocol/queue.ts';
import { Sparkline } from '../../kit/charts/sparkline.tsx';
import { formatCount } from '../../kit/format.ts';
import { LookChip } from '../../kit/state-chip.tsx';
import type { TableColumn } from '../../kit/table/table-column.ts';
import { Duration } from '../../kit/time.tsx';
import { NameLink, Whole } from '../numbers/numbers.tsx';
import { perSecond } from '../numbers/per-second.ts';
import { QUEUE_LOOKS, stateOfQueue } from './queue-look.ts';
import { QueueMenu } from './queue-menu.tsx';
import classes from './queues.module.css';
import { SteerIcon } from './steer-button.tsx';
import { words } from './words.ts';

const queuePath = (name: string): string => `/queues/${encodeURIComponent(name)}`;

/** Where the tasks are that a number counts. */
export const tasksPath = (name: string, state: string): string =>
	`/tasks?queue=${encodeURIComponent(name)}&state=${state}`;

const NAMED = 2;

const fewInWords = (names: readonly string[], none: string): string => {
	if (names.length === 0) return none;
	return names.length <= NAMED ? names.join(', ') : `${names.slice(0, NAMED).join(', ')} +${names.length - NAMED}`;
};

export const QUEUE_COLUMNS: readonly TableColumn<QueueView>[] = [
	{
		name: 'name',
		head: words.name,
		cell: ({ name }) => <NameLink name={name} to={queuePath(name)} />,
		value: ({ name }) => name,
	},
	{
		name: 'state',
		head: words.state,
		cell: (queue) => <LookChip look={QUEUE_LOOKS[stateOfQueue(queue)]} quiet={stateOfQueue(queue) === 'open'} />,
		value: (queue) => stateOfQueue(queue),
	},
	{
		name: 'bindings',
		head: words.bindings,
		cell: ({ bindingKeys }) => (
			<span className={classes.bindings} title={bindingKeys.join('\n')}>
				{fewInWords(bindingKeys, words.bindsNothing)}
			</span>
		),
		value: ({ bindingKeys }) => bindingKeys.join(' '),
	},
	{
		name: 'queued',
		head: words.inLine,
		isNumber: true,
		cell: ({ name, queued }) => (
			<Link className={classes.count!} to={tasksPath(name, 'queued')}>
				{formatCount(queued)}
			</Link>
		),
		value: ({ queued }) => queued,
	},
	{
		name: 'running',
		head: words.running,
		isNumber: true,
		cell: ({ name, running }) => (
			<Link className={classes.count!} to={tasksPath(name, 'running')}>
				{formatCount(running)}
			</Link>
		),
		value: ({ running }) => running,
	},
	{
		name: 'oldest',
		head: words.oldestShort,
		isNumber: true,
		cell: ({ oldestAt }) =>
			oldestAt === null ? (
				words.nothing
			) : (
				<Whole>
					<Duration from={oldestAt} until={null} />
				</Whole>
			),
		value: ({ oldestAt }) => (oldestAt === null ? null : Math.round((Date.now() - Date.parse(oldestAt)) / 1_000)),
	},
	{
		name: 'in',
		head: words.in,
		isNumber: true,
		cell: ({ inPerSecond }) => <Whole>{perSecond(inPerSecond)}</Whole>,
		value: ({ inPerSecond }) => inPerSecond,
	},
	{
		name: 'out',
		head: words.out,
		isNumber: true,
		cell: ({ outPerSecond }) => <Whole>{perSecond(outPerSecond)}</Whole>,
		value: ({ outPerSecond }) => outPerSecond,
	},
	{
		name: 'trend',
		head: words.trend,
		cell: ({ trend }) => <Sparkline values={trend} summary={words.trendOf(trend)} />,
	},
	{
		name: 'nodes',
		head: words.servedBy,
		cell: ({ servedBy }) => <Whole>{fewInWords(servedBy, words.noNode)}</Whole>,
		value: ({ servedBy }) => servedBy.length,
	},
	{
		name: 'acts',
		head: words.acts,
		isNumber: true,
		cell: (queue) => (
			<div className={classes.acts}>
				<SteerIcon queue={queue} />
				<QueueMenu queue={queue} />
			</div>
		),
	},
];
