import type { AttemptRef } from '../../shared/protocol/agent-link.ts';
import type { NodeOffer } from '../scheduler/node-slots.ts';

/** What this room tells the queue, and asks of it. */
export interface NodeQueue {
	/** Answers the attempts that are no longer this node's. */
	connectNode(offer: NodeOffer, running: readonly AttemptRef[]): AttemptRef[];
	changeNode(offer: NodeOffer): void;
	disconnectNode(node: string): void;
	heartbeat(node: string, running: readonly AttemptRef[]): AttemptRef[];
	/** Attempts that are not over yet; with those whose end is still being written. */
	runningOn(node: string): number;
	/** Slots that are given away; one that was given back is free before its attempt's end is written. */
	slotsInUse(node: string): number;
	/** How many attempts of each task type take them. */
	workOn(node: string): Record<string, number>;
}
