import { Link } from 'react-router';
import type { NodeAttempt, PastAttempt } from '../../../shared/protocol/node-attempt.ts';
import { formatDuration, formatPercent } from '../../kit/format.ts';
import page from '../../kit/shell/page.module.css';
import { LookChip } from '../../kit/state-chip.tsx';
import { DataTable } from '../../kit/table/data-table.tsx';
import type { TableColumn } from '../../kit/table/table-column.ts';
import { ATTEMPT_LOOKS, type StateLook, TASK_LOOKS } from '../../kit/task-words.ts';
import { Duration, RelativeTime } from '../../kit/time.tsx';
import classes from './node.module.css';
import { words } from './words.ts';

interface Attempt {
	task: string;
	attempt: number;
	type: string;
	owner: string | null;
	ownerName: string | null;
}

const ownerOf = ({ owner, ownerName }: Attempt): string => ownerName ?? owner ?? words.deleted;
const keyOf = ({ task, attempt }: Attempt): string => `${task}/${attempt}`;

const common: TableColumn<Attempt>[] = [
	{
		...{ name: 'type', head: words.type, value: ({ type }) => type },
		cell: ({ task, type, attempt }) => (
			<>
				<Link to={`/tasks/${task}`} className={page.link} title={task}>
					{type}
				</Link>
				{attempt > 1 && ` (${words.attempt(attempt)})`}
			</>
		),
	},
	{ name: 'owner', head: words.owner, cell: ownerOf, value: ownerOf },
];
/** In CSV, where no link leads to it. */
const taskColumn: TableColumn<Attempt> = {
	...{ name: 'task', head: words.task, value: ({ task }) => task },
	cell: ({ task }) => <code className="millrace-mono">…{task.slice(-6)}</code>,
};

const lookOf = ({ state, progress }: NodeAttempt): { look: StateLook; suffix?: string } => {
	if (state === 'given') return { look: { ...TASK_LOOKS.queued, word: words.given } };
	if (state === 'ending') return { look: { ...TASK_LOOKS.running, word: words.ending } };
	return { look: TASK_LOOKS.running, ...(progress === null ? {} : { suffix: formatPercent(progress) }) };
};

const RUNNING: TableColumn<NodeAttempt>[] = [
	...common,
	{
		name: 'state',
		head: words.state,
		cell: (one) => <LookChip {...lookOf(one)} />,
		value: (one) => lookOf(one).look.word,
	},
	{
		...{ name: 'since', head: words.since, value: ({ since }) => since },
		cell: ({ since }) => (
			<span className={classes.keep}>
				<Duration from={since} until={null} />
			</span>
		),
	},
	{
		...{ name: 'lease', head: words.lease, isNumber: true, value: ({ leaseLeft }) => leaseLeft },
		cell: ({ leaseLeft }) => formatPercent(leaseLeft),
	},
	{
		...{ name: 'devices', head: words.devices, value: ({ devices }) => Object.keys(devices).join(' ') },
		cell: ({ devices }) => Object.keys(devices).join(', '),
	},
	taskColumn,
];

/** What a node holds now. */
export const RunningTable = ({ rows }: { rows: readonly NodeAttempt[] }) => (
	<DataTable
		label={words.running}
		rows={rows}
		columns={RUNNING}
		keyOf={keyOf}
		sortName="running-sort"
		csvName="running"
	/>
);

const took = ({ startedAt, finishedAt }: PastAttempt): number => Date.parse(finishedAt) - Date.parse(startedAt);

const PAST: TableColumn<PastAttempt>[] = [
	...common,
	{
		...{ name: 'state', head: words.state, value: ({ state }) => ATTEMPT_LOOKS[state].word },
		cell: ({ state }) => <LookChip look={ATTEMPT_LOOKS[state]} quiet={state === 'succeeded'} />,
	},
	{
		...{ name: 'at', head: words.at, value: ({ finishedAt }) => finishedAt },
		cell: ({ finishedAt }) => (
			<span className={classes.keep}>
				<RelativeTime at={finishedAt} />
			</span>
		),
	},
	{
		...{ name: 'took', head: words.took, isNumber: true, value: took },
		cell: (one) => <span className={classes.keep}>{formatDuration(took(one))}</span>,
	},
	{ name: 'why', head: words.why, cell: ({ reason }) => reason ?? '', value: ({ reason }) => reason },
	taskColumn,
];

interface PastTableProps {
	rows: readonly PastAttempt[];
	hasMore: boolean;
	onMore(): void;
}

/** What ended on a node. */
export const PastTable = (props: PastTableProps) => (
	<DataTable label={words.past} columns={PAST} keyOf={keyOf} sortName="past-sort" csvName="attempts" {...props} />
);
