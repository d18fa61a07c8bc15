import type { NodeMetrics, NodeState } from '../../shared/protocol/node.ts';

export type NodeEvents = {
	/** A node's state changed, or how much it runs. `revision` grows with each announcement about that node. */
	'node:changed': { id: string; revision: number; state: NodeState; running: number };
	/** Each second, how the machines are doing of which something new is known; very many in parts. */
	'node:measured': {
		at: number;
		part: number;
		nodes: { id: string; running: number; work: Record<string, number>; metrics: NodeMetrics }[];
	};
};
