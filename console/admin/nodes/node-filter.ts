import type { NodeState, NodeView } from '../../../shared/protocol/node.ts';
import { NODE_LOOKS } from './node-looks.ts';

/** What is shown of all nodes; as the address has it. */
export interface NodeFilter {
	/** Empty: all but those that were revoked. */
	state: string;
	/** `name=value`. */
	label: string;
	text: string;
}

const textOf = (node: NodeView): string =>
	[
		...[node.name, node.id, node.capabilities?.agentVersion ?? '', node.capabilities?.platform ?? ''],
		...node.queues,
		...labelsOf(node),
		...Object.keys(node.capabilities?.hardware ?? {}),
		...Object.keys(node.work),
	]
		.join('\n')
		.toLowerCase();

/** As people write them. */
export const labelsOf = ({ labels }: Pick<NodeView, 'labels'>): string[] =>
	Object.entries(labels).map(([name, value]) => (value === '' ? name : `${name}=${value}`));

/** Nodes that fit all that is said; every word of the text is somewhere in what is known of one. */
export const filterNodes = (nodes: readonly NodeView[], { state, label, text }: NodeFilter): NodeView[] => {
	const wanted = text.toLowerCase().split(/\s+/).filter(Boolean);
	return nodes.filter((node) => {
		if (state === '' ? node.state === 'revoked' : node.state !== state) return false;
		if (label !== '' && !labelsOf(node).includes(label)) return false;
		if (wanted.length === 0) return true;
		const known = textOf(node);
		return wanted.every((word) => known.includes(word));
	});
};

/** How many there are in each state, of those that fit everything else: the numbers are of the lists that they lead to. */
export const countStates = (nodes: readonly NodeView[], filter: NodeFilter): [state: NodeState, count: number][] => {
	const counted = (Object.keys(NODE_LOOKS) as NodeState[]).map((state): [NodeState, number] => [
		state,
		filterNodes(nodes, { ...filter, state }).length,
	]);
	return counted.filter(([state, count]) => count > 0 || state === filter.state);
};

/** Every label that some node has, in order. */
export const allLabels = (nodes: readonly NodeView[]): string[] =>
	[...new Set(nodes.filter(({ state }) => state !== 'revoked').flatMap(labelsOf))].sort((a, b) =>
		a.localeCompare(b, 'en'),
	);
