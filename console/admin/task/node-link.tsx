import { Link } from 'react-router';
import page from '../../kit/shell/page.module.css';
import { useNodes } from '../nodes/use-nodes.ts';

/** A node by its name, which leads to it; to the list where it is not the name of just one. */
export const NodeLink = ({ name }: { name: string }) => {
	const [node, other] = (useNodes().data ?? []).filter((one) => one.name === name && one.state !== 'revoked');
	const isKnown = node !== undefined && other === undefined;
	return (
		<Link className={page.link!} to={isKnown ? `/nodes/${node.id}` : `/nodes?${new URLSearchParams({ text: name })}`}>
			{name}
		</Link>
	);
};
