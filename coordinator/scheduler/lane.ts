import type { Demand } from './needs.ts';
import { NodeSet } from './node-set.ts';
import { type Queued, ReadyOrder } from './ready-order.ts';
import { comesBefore, type ReadyTask } from './ready-task.ts';

/** A queue and its lanes; the one without a name holds the tasks whose key reaches no queue. */
export interface QueueLanes<T extends ReadyTask> {
	readonly name: string | null;
	paused: boolean;
	/** Number of the last start out of it; 0 before the first. */
	turn: number;
	readonly lanes: Map<Demand, Map<string | null, Lane<T>>>;
}

export const newQueueLanes = <T extends ReadyTask>(name: string | null, paused: boolean): QueueLanes<T> => ({
	name,
	paused,
	turn: 0,
	lanes: new Map(),
});

export const lanesOf = function* <T extends ReadyTask>(queue: QueueLanes<T>): Generator<Lane<T>> {
	for (const alike of queue.lanes.values()) yield* alike.values();
};

/**
 * Tasks of one queue that can go to exactly the same nodes: same demand, same node to avoid. Either the first of them
 * can start or none can, so a lane is the unit that is blocked, and it blocks nothing else.
 * States: closed (empty, or its queue is paused or none) · open (its first may start) · parked (no node had room for
 * it; only a node that gains room can change that).
 */
export class Lane<T extends ReadyTask> {
	readonly of: QueueLanes<T>;
	readonly queue: string | null;
	readonly demand: Demand;
	readonly avoidNode: string | null;
	readonly order = new ReadyOrder<T>();
	/** Nodes that could serve it once they have room, the avoided one included. */
	readonly able = new NodeSet();
	state: 'closed' | 'open' | 'parked' = 'closed';
	/** Its place in the heap of open lanes. */
	at = -1;

	constructor(of: QueueLanes<T>, demand: Demand, avoidNode: string | null) {
		this.of = of;
		this.queue = of.name;
		this.demand = demand;
		this.avoidNode = avoidNode;
	}

	/** The first task; only for lanes that have one. */
	get head(): T {
		return (this.order.first as Queued<T>).task;
	}
}

/** Queues take turns, so that a long line in one makes nobody in another wait; within a queue the first tasks decide. */
export const laneBefore = <T extends ReadyTask>(a: Lane<T>, b: Lane<T>): boolean =>
	a.of.turn === b.of.turn ? comesBefore(a.head, b.head) : a.of.turn < b.of.turn;
