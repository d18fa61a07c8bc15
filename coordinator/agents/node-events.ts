import type { NodeState } from '../../shared/protocol/node.ts';

export type NodeEvents = {
	/** A node's state changed, or how much it runs. `revision` grows with each announcement about that node. */
	'node:changed': { id: string; revision: number; state: NodeState; running: number };
};
