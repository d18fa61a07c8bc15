import type { StayInLine } from '../../../shared/protocol/task-decisions.ts';
import { WENT_FIRST_WORDS } from '../../../shared/went-first-words.ts';
import { formatDuration, formatExact } from '../../kit/format.ts';
import page from '../../kit/shell/page.module.css';
import { DataTable } from '../../kit/table/data-table.tsx';
import type { TableColumn } from '../../kit/table/table-column.ts';
import { RelativeTime } from '../../kit/time.tsx';
import { NodeLink } from './node-link.tsx';
import { stayWords } from './stay-words.ts';
import classes from './task.module.css';
import { words } from './words.ts';

type WentFirst = StayInLine['wentFirst'][number];
type PassedOver = StayInLine['passedOver'][number];
type Wait = StayInLine['waits'][number];

const text = <T,>(name: string, head: string, value: (row: T) => string | number): TableColumn<T> => ({
	...{ name, head, value },
	cell: value,
});

const WENT_FIRST: TableColumn<WentFirst>[] = [
	{ ...text<WentFirst>('starts', 'Starts', ({ starts }) => starts), isNumber: true },
	text('person', 'Person', ({ person }) => person ?? '?'),
	text('class', 'Class', ({ serviceClass }) => serviceClass ?? '?'),
	text('queue', 'Queue', ({ queue }) => queue ?? '–'),
	text('why', 'Why', ({ rule }) => WENT_FIRST_WORDS[rule]),
];
const PASSED_OVER: TableColumn<PassedOver>[] = [
	{ ...text<PassedOver>('at', 'At', ({ at }) => at), cell: ({ at }) => <RelativeTime at={at} /> },
	text('person', 'Person', ({ person }) => person ?? '?'),
	{ ...text<PassedOver>('node', 'Node', ({ node }) => node), cell: ({ node }) => <NodeLink name={node} /> },
	text('why', 'Why', ({ rule }) => WENT_FIRST_WORDS[rule]),
];
const took = ({ from, to }: Wait): number => Date.parse(to) - Date.parse(from);
const WAITS: TableColumn<Wait>[] = [
	{ ...text<Wait>('from', 'From', ({ from }) => from), cell: ({ from }) => <RelativeTime at={from} /> },
	{ ...text<Wait>('for', 'For', took), cell: (wait) => formatDuration(took(wait)), isNumber: true },
	text('sentence', 'Because', ({ sentence }) => sentence),
];

/** One time in line: how it came, who went first, what it waited for, how it left. */
export const Stay = ({ stay, number }: { stay: StayInLine; number: number }) => (
	<div className={classes.stay}>
		<h3>{formatExact(new Date(stay.from))}</h3>
		<p>{stayWords.came(stay)}</p>
		{stay.whyNot !== null && <p className={page.quiet}>{stayWords.notExact(stay.whyNot)}</p>}
		{stay.waits.length > 0 && (
			<DataTable
				label={`${words.waits} (${number})`}
				rows={stay.waits}
				columns={WAITS}
				keyOf={({ from }) => from}
				csvName="waits"
				sortName={`waits-${number}`}
				tools={<strong>{words.waits}</strong>}
			/>
		)}
		{stay.wentFirst.length > 0 && (
			<DataTable
				label={`${words.wentFirst} (${number})`}
				rows={stay.wentFirst}
				columns={WENT_FIRST}
				keyOf={({ queue, serviceClass, person, rule }) => [queue, serviceClass, person, rule].join(' ')}
				csvName="went-first"
				sortName={`first-${number}`}
				tools={<strong>{words.wentFirst}</strong>}
			/>
		)}
		{stay.passedOver.length > 0 && (
			<DataTable
				label={`${words.passedOver} (${number})`}
				rows={stay.passedOver}
				columns={PASSED_OVER}
				keyOf={({ at, task, node }) => [at, task, node].join(' ')}
				csvName="passed-over"
				sortName={`over-${number}`}
				tools={<strong>{words.passedOver}</strong>}
			/>
		)}
		<p>{stayWords.left(stay)}</p>
	</div>
);
