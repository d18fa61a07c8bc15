import { useMemo, useRef } from 'react';
import { Link } from 'react-router';
import type { NodeView } from '../../../shared/protocol/node.ts';
import { LookChip } from '../../kit/state-chip.tsx';
import { DataTable } from '../../kit/table/data-table.tsx';
import type { TableColumn } from '../../kit/table/table-column.ts';
import { RelativeTime } from '../../kit/time.tsx';
import { liveMeasures } from './live-measures.ts';
import { Meter, metersOf, Slots, workWords } from './meters.tsx';
import type { NodeActKind } from './node-acts.ts';
import { labelsOf } from './node-filter.ts';
import { NODE_LOOKS } from './node-looks.ts';
import { NodeMenu } from './node-menu.tsx';
import classes from './nodes.module.css';
import { useMeasures } from './use-nodes.ts';
import { words } from './words.ts';

/** What moves each second; the rest of the row is left alone. */
const LiveSlots = ({ node }: { node: NodeView }) => {
	const cell = useRef<HTMLSpanElement>(null);
	const { running } = useMeasures(node.id, cell);
	return (
		<span ref={cell} className={`${classes.slotLine} ${classes.wide}`}>
			<Slots running={running} slots={node.concurrency} />
			<span>
				{running}/{node.concurrency}
			</span>
		</span>
	);
};
const LiveShares = ({ node }: { node: NodeView }) => {
	const cell = useRef<HTMLSpanElement>(null);
	const measures = useMeasures(node.id, cell);
	return (
		<span ref={cell} className={classes.shares}>
			{measures.metrics !== null &&
				metersOf(node, measures).map(({ word, share }) => <Meter key={word} word={word} share={share} />)}
		</span>
	);
};
const LiveWork = ({ node }: { node: NodeView }) => {
	const cell = useRef<HTMLSpanElement>(null);
	const { work } = useMeasures(node.id, cell);
	return (
		<span ref={cell} className={classes.wide}>
			{node.reason ?? workWords(work)}
		</span>
	);
};

const Wide = ({ words: names }: { words: readonly string[] }) => (
	<span className={classes.wide}>{names.join(', ')}</span>
);

/** As of the moment when it is sorted or saved. */
const shareNow = (node: NodeView, word: string): number | null =>
	metersOf(node, liveMeasures.get(node.id)).find((meter) => meter.word === word)?.share ?? null;

const columnsFor = (onAct: (kind: NodeActKind, node: NodeView) => void): TableColumn<NodeView>[] => [
	{
		...{ name: 'name', head: words.name, value: ({ name }) => name },
		cell: ({ id, name }) => (
			<Link to={`/nodes/${id}`} className={`${classes.name} ${classes.keep}`}>
				{name}
			</Link>
		),
	},
	{
		...{ name: 'state', head: words.state, value: ({ state }) => NODE_LOOKS[state].word },
		cell: ({ state }) => <LookChip look={NODE_LOOKS[state]} quiet={state === 'online'} />,
	},
	{
		...{ name: 'slots', head: words.headSlots, width: '150px', value: ({ id }) => liveMeasures.get(id).running },
		cell: (node) => <LiveSlots node={node} />,
	},
	{
		...{ name: 'cpu', head: words.cpuMemoryGPU, width: '200px', value: (node) => shareNow(node, words.cpu) },
		cell: (node) => <LiveShares node={node} />,
	},
	{
		...{ name: 'work', head: words.work, value: (node) => node.reason ?? workWords(liveMeasures.get(node.id).work) },
		cell: (node) => <LiveWork node={node} />,
	},
	{
		name: 'queues',
		head: words.queues,
		cell: ({ queues }) => <Wide words={queues} />,
		value: ({ queues }) => queues.join(' '),
	},
	{
		name: 'labels',
		head: words.labels,
		cell: (node) => <Wide words={labelsOf(node)} />,
		value: (node) => labelsOf(node).join(' '),
	},
	{
		...{ name: 'agent', head: words.agent },
		cell: ({ capabilities }) => capabilities?.agentVersion ?? '',
		value: ({ capabilities }) => capabilities?.agentVersion ?? null,
	},
	{
		...{ name: 'seen', head: words.lastSeen, value: ({ lastSeenAt }) => lastSeenAt },
		cell: ({ lastSeenAt }) => (
			<span className={classes.keep}>{lastSeenAt === null ? words.never : <RelativeTime at={lastSeenAt} />}</span>
		),
	},
	{ name: 'acts', head: '', cell: (node) => <NodeMenu node={node} onAct={(kind) => onAct(kind, node)} /> },
];

interface NodeTableProps {
	nodes: readonly NodeView[];
	onAct(kind: NodeActKind, node: NodeView): void;
}

/** Very many nodes, one a line. Lines stay where they are while their measures move; sorting is by those of that moment. */
export const NodeTable = ({ nodes, onAct }: NodeTableProps) => {
	const columns = useMemo(() => columnsFor(onAct), [onAct]);
	return <DataTable label={words.title} rows={nodes} columns={columns} keyOf={({ id }) => id} csvName="nodes" />;
};
