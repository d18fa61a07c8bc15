import type { AttemptRef } from '../../shared/protocol/agent-link.ts';
import type { NodeOffer } from '../scheduler/node-slots.ts';

/** What this room tells the queue, and asks of it. */
export interface NodeQueue {
	/** Answers the attempts that are no longer this node's. */
	connectNode(offer: NodeOffer, running: readonly AttemptRef[]): AttemptRef[];
	changeNode(offer: NodeOffer): void;
	disconnectNode(node: string): void;
	heartbeat(node: string, running: readonly AttemptRef[]): AttemptRef[];
	runningOn(node: string): number;
}
