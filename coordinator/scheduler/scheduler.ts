import { AskedBack } from './asked-back.ts';
import { Fleet } from './fleet.ts';
import { Insight } from './insight.ts';
import { type Lane, lanesOf, newQueueLanes, type QueueLanes } from './lane.ts';
import { LaneTable } from './lane-table.ts';
import type { Line } from './line.ts';
import { Demands } from './needs.ts';
import { nextStart } from './next-start.ts';
import type { NodeOffer, NodeSlots } from './node-slots.ts';
import { preempt } from './preemption.ts';
import type { Queued } from './ready-order.ts';
import type { Decision, ReadyTask } from './ready-task.ts';
import type { ClassRules } from './service-class.ts';
import { type Charge, Shares } from './shares.ts';
import type { Binding } from './topic-match.ts';
import { TopicRoutes } from './topic-routes.ts';
import { type TypeCost, TypeCosts } from './type-costs.ts';

export interface QueueRules {
	name: string;
	bindingKeys: readonly string[];
	paused: boolean;
}

/**
 * Decides which task starts where. Pure: commands and a clock go in, decisions come out, and the same commands give the
 * same decisions. Eligibility comes before order: only lanes whose queue runs and that some node has room for, and only
 * people and classes below their caps, are compared. A task is unknown, in line, or leased; a lease holds its slot and
 * devices until it is released. Every `now` is in milliseconds of a clock that does not jump.
 */
export class Scheduler<T extends ReadyTask = ReadyTask> {
	readonly #routes = new TopicRoutes();
	readonly #demands = new Demands();
	readonly #fleet = new Fleet<T>();
	readonly #shares = new Shares<T>();
	readonly #costs = new TypeCosts();
	readonly #queues = new Map<string, QueueLanes<T>>();
	readonly #unrouted = newQueueLanes<T>(null, false);
	readonly #queued = new Map<number, Queued<T>>();
	readonly #askedBack = new AskedBack();
	readonly #charges = new Map<number, Charge<T>>();
	readonly #lanes = new LaneTable<T>({
		nodes: () => this.#fleet.connected(),
		swept: (used) => this.#demands.keepOnly(used),
	});
	readonly insight = new Insight<T>({
		queued: this.#queued,
		lanes: this.#lanes,
		fleet: this.#fleet,
		shares: this.#shares,
		costs: this.#costs,
		demands: this.#demands,
		route: (routingKey) => this.#routes.route(routingKey),
		queueOf: (name) => this.#queues.get(name),
	});
	readonly #inputsOf: (task: T) => readonly string[];
	#turns = 0;

	/** `inputsOf` names the contents that a task works on: nodes that were given them lately are preferred. */
	constructor(options: { inputsOf?: (task: T) => readonly string[] } = {}) {
		this.#inputsOf = options.inputsOf ?? (() => []);
	}

	/** Takes the queues as they are now; when bindings changed, everything in line is routed anew. */
	setQueues(queues: readonly QueueRules[], now: number): void {
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
		if (this.#routes.setBindings(bindings)) this.#routeAnew(now);
		for (const [name, queue] of this.#queues) {
			if (wanted.has(name)) continue;
			this.#lanes.drop(queue);
			this.#queues.delete(name);
		}
	}

	/** Takes the service classes as they are now. */
	setClasses(classes: readonly ClassRules[]): void {
		this.#shares.setClasses(classes);
	}

	/** What tasks have cost before, oldest first: for a scheduler that begins anew. */
	learnCosts(costs: readonly TypeCost[]): void {
		for (const { type, cost } of costs) this.#learn(type, cost);
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

	/** Puts a task in line; does nothing and answers false if it is in line or leased already. */
	enqueue(task: T, now: number): boolean {
		if (this.#queued.has(task.seq) || this.#fleet.leaseOf(task.seq)) return false;
		const entry: Queued<T> = { task, line: null, isLate: false };
		this.#queued.set(task.seq, entry);
		this.#stand(entry, now);
		this.insight.forecasts.look(now, task.seq);
		return true;
	}

	/** Takes a task out of line; false if it was not in line. */
	remove(seq: number): boolean {
		const entry = this.#queued.get(seq);
		if (!entry) return false;
		this.#queued.delete(seq);
		this.insight.forecasts.withdrawn(seq);
		this.#takeOut(entry);
		return true;
	}

	/** A lease that exists already, after a restart or a re-attach: it counts even if the node is away or full. */
	restoreLease(task: T, node: string, now: number): void {
		this.remove(task.seq);
		this.release(task.seq, null, now);
		this.#lease(task, node, now);
	}

	/** The attempt is over: slot and devices are free. `cost` is what it took; null when that is not its people's doing. */
	release(seq: number, cost: number | null, now: number): void {
		const charge = this.#charges.get(seq);
		if (!charge) return;
		this.#charges.delete(seq);
		this.#askedBack.delete(seq);
		const { task } = this.#fleet.leaseOf(seq)!;
		this.#fleet.release(seq);
		if (cost !== null) this.#learn(task.type, cost);
		this.#shares.end(task, charge, cost, now);
	}

	/** Fills free slots, at most `limit` of them; each decision is leased at once. */
	pick(limit: number, now: number): Decision<T>[] {
		this.insight.forecasts.look(now, null);
		const decisions: Decision<T>[] = [];
		const { free, woken } = this.#fleet;
		if (woken.size > 0) {
			this.#lanes.wake((lane) => this.#fleet.choose(lane, woken) !== null);
			woken.clear();
		}
		const place = (lane: Lane<T>): NodeSlots | null => {
			const node = this.#fleet.choose(lane, this.#fleet.freeFor(lane.short));
			if (!node) this.#lanes.park(lane);
			return node;
		};
		// What is being taken back is for others: idle-only work would take it again bit by bit.
		const mayIdle = this.#askedBack.until(now) === null;
		while (decisions.length < limit && free.size > 0) {
			const start = nextStart({ lanes: this.#lanes, shares: this.#shares }, place, now, mayIdle);
			if (!start) break;
			decisions.push(this.#start(start.line, start.node, now));
		}
		return decisions;
	}

	/**
	 * Leases of idle-only work, at most `limit`, that are to be given back because other work finds no room. Ask after {@link pick} has
	 * started all that it could.
	 */
	preempt(limit: number, now: number): Decision<T>[] {
		const leases = preempt([...this.#lanes.parked, ...this.#lanes.open], {
			fleet: this.#fleet,
			shares: this.#shares,
			limit,
			now,
		});
		for (const { task } of leases) this.#askedBack.add(task.seq, now);
		return leases.map(({ task, node }) => ({ task, node: node.id }));
	}

	/** Whether a lease was asked back. */
	isYielding(seq: number): boolean {
		return this.#askedBack.has(seq);
	}

	/** When it is worth looking again though nothing was told: a rate allows a start, or what was asked back has not come; or null. */
	wakeAt(now: number): number | null {
		let soonest = this.#askedBack.until(now);
		for (const share of this.#shares.classes) {
			const { nextStartAt } = share;
			if (nextStartAt <= now || (soonest !== null && nextStartAt >= soonest)) continue;
			for (const flow of share.flows.values()) {
				if (!flow.hasLines) continue;
				soonest = nextStartAt;
				break;
			}
		}
		return soonest;
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

	queuedTask(seq: number): T | undefined {
		return this.#queued.get(seq)?.task;
	}

	/** Everything in line; may be walked while tasks come and go, and comes upon each that came meanwhile. */
	*queuedTasks(): Generator<T, void, void> {
		for (const { task } of this.#queued.values()) yield task;
	}

	/** Live leases on a node, which may be away. */
	runningOn(nodeId: string): number {
		return this.#fleet.runningOn(nodeId);
	}

	#learn(type: string, cost: number): void {
		if (this.#costs.learn(type, cost)) this.#lanes.retime(type, this.#costs.isShort(type));
	}

	#start(line: Line<T>, roomiest: NodeSlots, now: number): Decision<T> {
		const entry = line.order.first!;
		const { task } = entry;
		const { lane } = line;
		const inputs = this.#inputsOf(task);
		// The node was found for the lane; among those with room this very task may have a better one.
		const node = inputs.length === 0 ? roomiest : (this.#fleet.choose(lane, this.#fleet.free, inputs) ?? roomiest);
		this.#turns += 1;
		lane.of.turn = this.#turns;
		lane.served(line.stand.band, now);
		line.flow.share.countStart(now);
		this.#lease(task, node.id, now);
		this.#queued.delete(task.seq);
		this.insight.forecasts.started(task.seq, now);
		this.#takeOut(entry);
		return { task, node: node.id };
	}

	#lease(task: T, node: string, now: number): void {
		const { type } = task;
		this.#charges.set(task.seq, this.#shares.start(task, this.#demands.of(task), this.#costs.expected(type), now));
		this.#fleet.lease(task, node, { now, short: this.#costs.isShort(type), inputs: this.#inputsOf(task) });
	}

	/** Puts an entry into the line where it belongs now. */
	#stand(entry: Queued<T>, now: number): void {
		const { task } = entry;
		const name = this.#routes.route(task.routingKey);
		const queue = (name === null ? undefined : this.#queues.get(name)) ?? this.#unrouted;
		const lane = this.#lanes.lane(queue, this.#demands.of(task), task.avoidNode, this.#costs.isShort(task.type));
		lane.add(entry, this.#shares.flowOf(task), now);
		this.#lanes.update(lane);
	}

	#takeOut(entry: Queued<T>): void {
		const { lane, flow } = entry.line!;
		lane.remove(entry);
		this.#lanes.update(lane);
		this.#shares.dropIfEmpty(flow);
	}

	#routeAnew(now: number): void {
		for (const entry of this.#queued.values()) {
			if (this.#routes.route(entry.task.routingKey) === entry.line!.lane.queue) continue;
			this.#takeOut(entry);
			this.#stand(entry, now);
		}
	}
}

const depth = <T extends ReadyTask>(queue: QueueLanes<T>): number => {
	let tasks = 0;
	for (const lane of lanesOf(queue)) tasks += lane.size;
	return tasks;
};
