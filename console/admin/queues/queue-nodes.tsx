import { Button } from '@mantine/core';
import { Link } from 'react-router';
import { errorText } from '../../kit/remote/error-text.ts';
import page from '../../kit/shell/page.module.css';
import { LoadingState } from '../../kit/states.tsx';
import { addNodePath } from '../overview/fixes.ts';
import classes from './queues.module.css';
import { useAllNodes } from './use-queues.ts';
import { words } from './words.ts';

/** The nodes that take work from a queue, those that are away, too. */
export const QueueNodes = ({ name }: { name: string }) => {
	const query = useAllNodes();
	if (query.data === undefined) {
		if (query.error) return <p className={page.fault}>{errorText(query.error)}</p>;
		return <LoadingState what="the nodes" rows={2} />;
	}
	const serving = query.data.items.filter(({ queues, state }) => queues.includes(name) && state !== 'revoked');
	if (serving.length === 0) {
		return (
			<>
				<p className={page.quiet}>{words.noNodes}</p>
				<Button component={Link} to={addNodePath(name)} size="compact-sm" mt={10}>
					{words.addNode}
				</Button>
			</>
		);
	}
	return (
		<ul className={classes.nodes}>
			{serving.map((node) => (
				<li key={node.id}>
					<Link className={page.link!} to={`/nodes/${node.id}`}>
						{node.name}
					</Link>
					<span className={page.quiet}>{words.nodeDoes(node.state, node.running, node.concurrency)}</span>
				</li>
			))}
		</ul>
	);
};
