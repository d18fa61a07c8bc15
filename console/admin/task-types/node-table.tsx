import { Link } from 'react-router';
import type { NodeView } from '../../../shared/protocol/node.ts';
import type { Manifest } from '../../../shared/protocol/task-type.ts';
import page from '../../kit/shell/page.module.css';
import { LookChip } from '../../kit/state-chip.tsx';
import { ErrorState, LoadingState } from '../../kit/states.tsx';
import { DataTable } from '../../kit/table/data-table.tsx';
import type { TableColumn } from '../../kit/table/table-column.ts';
import type { StateLook } from '../../kit/task-words.ts';
import { useNodes } from '../nodes/use-nodes.ts';
import { joined, whyNot } from './node-fit.ts';
import { words } from './words.ts';

interface Row {
	node: NodeView;
	why: string[];
}

const LOOKS: Record<'can' | 'not', StateLook> = {
	can: { word: words.yes, color: 'teal', icon: 'circleCheck' },
	not: { word: words.no, color: 'gray', icon: 'ban' },
};

const COLUMNS: TableColumn<Row>[] = [
	{
		...{ name: 'node', head: words.node, width: '180px' },
		cell: ({ node }) => (
			<Link className={page.link!} to={`/nodes/${node.id}`}>
				{node.name}
			</Link>
		),
		value: ({ node }) => node.name,
	},
	{
		...{ name: 'state', head: words.state, width: '100px' },
		cell: ({ node }) => node.state,
		value: ({ node }) => node.state,
	},
	{
		...{ name: 'can', head: words.can, width: '120px' },
		cell: ({ why }) => <LookChip look={LOOKS[why.length === 0 ? 'can' : 'not']} />,
		value: ({ why }) => (why.length === 0 ? words.yes : words.no),
	},
	{
		...{ name: 'why', head: words.why },
		cell: ({ why }) => why.join('; '),
		value: ({ why }) => why.join('; '),
	},
];

/** Every node, whether it can run the type, and what it lacks. */
export const NodeTable = ({ type }: { type: Manifest }) => {
	const nodes = useNodes();
	if (nodes.data === undefined) {
		return nodes.error ? (
			<ErrorState error={nodes.error} what={words.nodesCannot} onRetry={() => void nodes.refetch()} />
		) : (
			<LoadingState what={words.nodesWhat} rows={3} />
		);
	}
	const rows = joined(nodes.data).map((node) => ({ node, why: whyNot(type, node) }));
	if (rows.length === 0) return <p className={page.quiet}>{words.noNodes}</p>;
	return (
		<DataTable
			label={words.whichNodes}
			rows={rows}
			columns={COLUMNS}
			keyOf={({ node }) => node.id}
			sort="-can"
			sortName="nodes"
			csvName={`nodes-for-${type.name}`}
		/>
	);
};
