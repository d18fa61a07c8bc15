import type { LivePatch } from '../../../shared/protocol/live-updates.ts';
import { type NodeView, nodeStateSchema } from '../../../shared/protocol/node.ts';

/**
 * The nodes in the states that were just told; the same list when that is nothing new, and of each node that has not changed
 * the same object. What runs is told elsewhere. `isStale`: patches do not tell all that has changed, so it must be read.
 */
export const patchNodes = (
	nodes: readonly NodeView[],
	patches: readonly LivePatch[],
): { nodes: readonly NodeView[]; isStale: boolean } => {
	let isStale = false;
	const changed = new Map<string, NodeView>();
	const known = new Map(nodes.map((node) => [node.id, node]));
	for (const patch of patches) {
		if (patch.kind !== 'node') continue;
		const node = changed.get(patch.id) ?? known.get(patch.id);
		const state = nodeStateSchema.safeParse(patch.state).data;
		if (node === undefined || state === undefined) {
			isStale = true;
			continue;
		}
		if (node.state === state) continue;
		isStale = true;
		changed.set(patch.id, { ...node, state });
	}
	return { nodes: changed.size === 0 ? nodes : nodes.map((node) => changed.get(node.id) ?? node), isStale };
};
