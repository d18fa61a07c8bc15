import { Button } from '@mantine/core';
import { useMemo } from 'react';
import { Link } from 'react-router';
import type { NodeView } from '../../../shared/protocol/node.ts';
import { errorText } from '../../kit/remote/error-text.ts';
import page from '../../kit/shell/page.module.css';
import { LoadingState } from '../../kit/states.tsx';
import { addNodePath } from '../nodes/add-node-path.ts';
import { useNodes, useRunning } from '../nodes/use-nodes.ts';
import classes from './queues.module.css';
import { words } from './words.ts';

/** The nodes that take work from a queue, those that are away, too. */
export const QueueNodes = ({ name }: { name: string }) => {
	const query = useNodes();
	if (query.data === undefined) {
		if (query.error) return <p className={page.fault}>{errorText(query.error)}</p>;
		return <LoadingState what={words.theNodes} rows={2} />;
	}
	const serving = query.data.filter(({ queues, state }) => queues.includes(name) && state !== 'revoked');
	if (serving.length === 0) {
		return (
			<>
				<p className={page.quiet}>{words.noNodes}</p>
				<Button component={Link} to={addNodePath([name])} size="compact-sm" mt={10}>
					{words.addNode}
				</Button>
			</>
		);
	}
	return (
		<ul className={classes.nodes}>
			{serving.map((node) => (
				<Serving key={node.id} node={node} />
			))}
		</ul>
	);
};

const Serving = ({ node }: { node: NodeView }) => {
	const running = useRunning(useMemo(() => [node], [node]));
	return (
		<li>
			<Link className={page.link!} to={`/nodes/${node.id}`}>
				{node.name}
			</Link>
			<span className={page.quiet}>{words.nodeDoes(node.state, running, node.concurrency)}</span>
		</li>
	);
};
