import { Fleet } from './fleet.ts';
import { type Lane, laneBefore, lanesOf, newQueueLanes, type QueueLanes } from './lane.ts';
import { LaneTable } from './lane-table.ts';
import { Demands } from './needs.ts';
import type { NodeOffer, NodeSlots } from './node-slots.ts';
import type { Queued } from './ready-order.ts';
import type { Decision, ReadyTask } from './ready-task.ts';
import type { Binding } from './topic-match.ts';
import { TopicRoutes } from './topic-routes.ts';
import { type Ahead, type WaitingReason, waitingReason } from './waiting-reason.ts';

export interface QueueRules {
	name: string;
	bindingKeys: readonly string[];
	paused: boolean;
}

/**
 * Decides which task starts where. Pure: commands go in, decisions come out, and the same commands give the same
 * decisions. Eligibility comes before order: only lanes whose queue runs and that some node has room for are compared.
 * A task is unknown, in line, or leased; a lease holds its slot and devices until it is released.
 */
export class Scheduler<T extends ReadyTask = ReadyTask> {
	readonly #routes = new TopicRoutes();
	readonly #demands = new Demands();
	readonly #fleet = new Fleet<T>();
	readonly #queues = new Map<string, QueueLanes<T>>();
	readonly #unrouted = newQueueLanes<T>(null, false);
	readonly #queued = new Map<number, Queued<T>>();
	readonly #lanes = new LaneTable<T>({
		nodes: () => this.#fleet.connected(),
		swept: (used) => this.#demands.keepOnly(used),
	});

	/** Takes the queues as they are now; when bindings changed, everything in line is routed anew. */
	setQueues(queues: readonly QueueRules[]): void {
		const wanted = new Map(queues.map((queue) => [queue.name, queue]));
		for (const { name, paused } of wanted.values()) {
			const queue = this.#queues.get(name);
			if (!queue) this.#queues.set(name, newQueueLanes(name, paused));
			else if (queue.paused !== paused) {
				queue.paused = paused;
				for (const lane of lanesOf(queue)) this.#lanes.update(lane);
			}
		}
		const bindings: Binding[] = [...wanted.values()].flatMap(({ name, bindingKeys }) =>
			bindingKeys.map((key) => ({ queue: name, key })),
		);
		if (this.#routes.setBindings(bindings)) this.#routeAnew();
		for (const [name, queue] of this.#queues) {
			if (wanted.has(name)) continue;
			this.#lanes.drop(queue);
			this.#queues.delete(name);
		}
	}

	/** A node came or what it offers changed. */
	setNode(offer: NodeOffer): void {
		this.#lanes.refresh(this.#fleet.set(offer));
	}

	/** A node left; its leases stay until they are released. */
	removeNode(id: string): void {
		const node = this.#fleet.remove(id);
		if (node) this.#lanes.refresh(node);
	}

	/** Puts a task in line; does nothing if it is in line or leased already. */
	enqueue(task: T): void {
		if (this.#queued.has(task.seq) || this.#fleet.leaseOf(task.seq)) return;
		const lane = this.#laneFor(task);
		const entry: Queued<T> = { task, lane };
		this.#queued.set(task.seq, entry);
		lane.order.add(entry);
		if (lane.order.first === entry) this.#lanes.update(lane);
	}

	/** Takes a task out of line; false if it was not in line. */
	remove(seq: number): boolean {
		const entry = this.#queued.get(seq);
		if (!entry) return false;
		this.#queued.delete(seq);
		takeOut(entry, this.#lanes);
		return true;
	}

	/** A lease that exists already, after a restart or a re-attach: it counts even if the node is away or full. */
	restoreLease(task: T, node: string): void {
		this.remove(task.seq);
		this.#fleet.release(task.seq);
		this.#fleet.lease(task, node, this.route(task.routingKey));
	}

	/** The attempt is over: slot and devices are free. */
	release(seq: number): void {
		this.#fleet.release(seq);
	}

	/** Fills free slots, at most `limit` of them; each decision is leased at once. */
	pick(limit: number): Decision<T>[] {
		const decisions: Decision<T>[] = [];
		while (decisions.length < limit && this.#fleet.free.size > 0) {
			const start = this.#next();
			if (!start) break;
			const { lane, node } = start;
			const { task } = lane.order.shift() as Queued<T>;
			this.#lanes.update(lane);
			this.#lanes.tookTurn(lane.of);
			this.#queued.delete(task.seq);
			this.#fleet.lease(task, node.id, lane.queue);
			decisions.push({ task, node: node.id });
		}
		return decisions;
	}

	/** The queue that a routing key reaches, or null. */
	route(routingKey: string): string | null {
		return this.#routes.route(routingKey);
	}

	/** How many tasks stand in each queue, in the order the queues were made. */
	queueDepths(): { queue: string; queued: number }[] {
		return [...this.#queues].map(([queue, lanes]) => ({ queue, queued: depth(lanes) }));
	}

	/** Tasks in line. */
	get size(): number {
		return this.#queued.size;
	}

	/** Live leases. */
	get running(): number {
		return this.#fleet.leases.size;
	}

	queuedTask(seq: number): T | undefined {
		return this.#queued.get(seq)?.task;
	}

	/** Live leases on a node, which may be away. */
	runningOn(nodeId: string): number {
		return this.#fleet.runningOn(nodeId);
	}

	/** Why a task in line has not started; null if it is not in line. Takes time with nodes and lanes, not with tasks. */
	explain(seq: number): WaitingReason | null {
		const entry = this.#queued.get(seq);
		if (!entry?.lane) return null;
		const { task, lane } = entry;
		const { queue, demand, avoidNode } = lane;
		const ahead = (): Ahead => ({ queue: countBefore(lane.of, task), alike: lane.order.countBefore(task) });
		const { routingKey } = task;
		return waitingReason({ queue, demand, avoidNode, routingKey, paused: lane.of.paused, ahead }, [
			...this.#fleet.connected(),
		]);
	}

	/** The lane whose first task starts now, and the node. Parked lanes are tried only on nodes that gained room. */
	#next(): { lane: Lane<T>; node: NodeSlots } | null {
		let lane = this.#lanes.first();
		let node = lane ? this.#fleet.choose(lane, this.#fleet.free) : null;
		while (lane && !node) {
			this.#lanes.park(lane);
			lane = this.#lanes.first();
			node = lane ? this.#fleet.choose(lane, this.#fleet.free) : null;
		}
		const { woken } = this.#fleet;
		if (woken.size > 0) {
			for (const parked of this.#lanes.parked) {
				if (lane && !laneBefore(parked, lane)) continue;
				const room = this.#fleet.choose(parked, woken);
				if (room) [lane, node] = [parked, room];
			}
			if (!lane) woken.clear();
		}
		return lane && node ? { lane, node } : null;
	}

	#laneFor(task: T): Lane<T> {
		const name = this.#routes.route(task.routingKey);
		const queue = (name === null ? undefined : this.#queues.get(name)) ?? this.#unrouted;
		return this.#lanes.lane(queue, this.#demands.of(task), task.avoidNode);
	}

	#routeAnew(): void {
		for (const entry of this.#queued.values()) {
			const from = entry.lane as Lane<T>;
			if (this.#routes.route(entry.task.routingKey) === from.queue) continue;
			takeOut(entry, this.#lanes);
			const fresh: Queued<T> = { task: entry.task, lane: this.#laneFor(entry.task) };
			this.#queued.set(entry.task.seq, fresh);
			fresh.lane?.order.add(fresh);
			if (fresh.lane?.order.first === fresh) this.#lanes.update(fresh.lane);
		}
	}
}

const takeOut = <T extends ReadyTask>(entry: Queued<T>, lanes: LaneTable<T>): void => {
	const lane = entry.lane as Lane<T>;
	const wasFirst = lane.order.first === entry;
	lane.order.remove(entry);
	if (wasFirst) lanes.update(lane);
};

const depth = <T extends ReadyTask>(queue: QueueLanes<T>): number => {
	let tasks = 0;
	for (const lane of lanesOf(queue)) tasks += lane.order.size;
	return tasks;
};

const countBefore = <T extends ReadyTask>(queue: QueueLanes<T>, task: ReadyTask): number => {
	let tasks = 0;
	for (const lane of lanesOf(queue)) tasks += lane.order.countBefore(task);
	return tasks;
};
