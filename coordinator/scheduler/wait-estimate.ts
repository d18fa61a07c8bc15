import type { ClassShare } from './class-share.ts';
import type { Fleet } from './fleet.ts';
import type { Lane } from './lane.ts';
import type { Line } from './line.ts';
import type { NodeSlots } from './node-slots.ts';
import type { ReadyTask } from './ready-task.ts';
import { bandOf } from './service-class.ts';
import type { Flow, Shares } from './shares.ts';
import type { Stand } from './stand.ts';
import type { TypeCosts } from './type-costs.ts';

interface Parts<T extends ReadyTask> {
	lanes: Iterable<Lane<T>>;
	fleet: Fleet<T>;
	shares: Shares<T>;
	costs: TypeCosts;
	now: number;
}

/** Work in line of one class that could take the same slots, by person. Milliseconds in a slot. */
type Backlog<T extends ReadyTask> = Map<ClassShare<T>, Map<Flow<T>, number>>;

/**
 * About how long a task in line, or one that would join it, will wait, in milliseconds; null when it cannot be told because nothing that is known
 * will let it start. Work is taken for a fluid: what is in line before the task by the order of things, divided by the
 * slots that could take it. Others of its band are served until they have had as much as it and its owner will have
 * had; what arrives later, and ageing, are left out of account: how far that is off is learnt from what happened.
 */
export const estimateWait = <T extends ReadyTask>(task: ReadyTask, line: Line<T>, parts: Parts<T>): number | null => {
	const { lane, flow } = line;
	const { share } = flow;
	const nodes = nodesOf(lane, parts.fleet);
	const slots = sum(nodes, (node) => node.slotsFor(lane.short));
	const neverFits = share.load.size === 0 && share.room(lane.demand) === 0;
	if (lane.queue === null || lane.of.paused || slots === 0 || neverFits) return null;
	if (hasTurn(task, line, parts)) return 0;
	const all = throughSlots(task, line, nodes, slots, parts);
	const kept = slots - sum(nodes, (node) => node.slotsFor(false));
	if (kept === 0) return all;
	// Through the slots that are kept for short work it may come sooner.
	const lanes = [...parts.lanes].filter(({ short }) => short);
	return Math.min(all, throughSlots(task, line, nodes, kept, { ...parts, lanes }));
};

/** It starts at the next look: a node has room, and nothing stands before it. */
const hasTurn = <T extends ReadyTask>(task: ReadyTask, line: Line<T>, { fleet, now }: Parts<T>): boolean => {
	const { stand, lane, flow } = line;
	const isFirst =
		line.order.size === 0
			? // It would be the only one there. While a node has room nobody else stands in that lane for longer than a moment.
				flow.room > 0 && stand.share.limitReached(lane.demand, now) === null
			: stand.first(now) === line && line.head === task;
	return isFirst && fleet.choose(lane, fleet.free) !== null;
};

const throughSlots = <T extends ReadyTask>(
	task: ReadyTask,
	line: Line<T>,
	nodes: readonly NodeSlots[],
	slots: number,
	parts: Parts<T>,
): number => {
	const { flow, lane } = line;
	const { share } = flow;
	const { same, higher, ofType } = backlogOf(line, nodes, parts);
	const own = ownBefore(task, line, parts);
	const ofClass = own + othersOfClass(flow, own, same.get(share), parts);
	const before = higher + ofClass + otherClasses(share, ofClass, same, parts);
	const each = meanRunning(nodes, lane.short, parts.costs) ?? parts.costs.expected(task.type);
	const { mostRunningOfUser, starts } = share.rules;
	const byCap = share.caps(lane.demand).map(({ cap, atOnce, isReached }) => {
		const work = cap === 'type' ? ofClass * ofType : ofClass;
		return (work + (isReached ? each : 0)) / atOnce;
	});
	return Math.max(
		(before + each) / slots,
		...byCap,
		mostRunningOfUser === null ? 0 : (own + (flow.room === 0 ? each : 0)) / mostRunningOfUser,
		starts === null ? 0 : share.nextStartAt - parts.now + (ofClass / each) * (60_000 / starts.perMinute),
	);
};

const sum = (nodes: readonly NodeSlots[], of: (node: NodeSlots) => number): number =>
	nodes.reduce((total, node) => total + of(node), 0);

const nodesOf = <T extends ReadyTask>(lane: Lane<T>, fleet: Fleet<T>): NodeSlots[] => {
	const avoided = fleet.avoided(lane);
	return [...fleet.connected()].filter(({ place }) => lane.able.has(place) && place !== avoided);
};

/** What runs there in slots that it could have takes so long in the mean. */
const meanRunning = (nodes: readonly NodeSlots[], short: boolean, costs: TypeCosts): number | null => {
	let total = 0;
	let count = 0;
	for (const { leases } of nodes) {
		for (const lease of leases) {
			if (lease.short && !short) continue;
			total += costs.expected(lease.task.type);
			count += 1;
		}
	}
	return count === 0 ? null : total / count;
};

/**
 * The work in line that competes for these nodes: of the same band by class and person, and all of higher bands;
 * `ofType` is the part of its own class's work that is of its type.
 */
const backlogOf = <T extends ReadyTask>(line: Line<T>, nodes: readonly NodeSlots[], parts: Parts<T>) => {
	const same: Backlog<T> = new Map();
	let higher = 0;
	let own = 0;
	let ownOfType = 0;
	const { band, share } = line.stand;
	const { type } = line.lane.demand;
	const costOf = [...parts.lanes].map((lane) => ({ lane, cost: costOfOne(lane, nodes, parts.costs) }));
	/** By the place of the lane. Arrays, because it is asked for every line of every person. */
	const costs = new Float64Array(1 + costOf.reduce((last, { lane }) => Math.max(last, lane.place), 0));
	for (const other of parts.shares.classes) {
		for (const boosted of [true, false]) {
			const itsBand = bandOf(other.rules, boosted);
			if (itsBand < band) continue;
			costs.fill(0);
			let any = false;
			for (const { lane, cost } of costOf) {
				if (cost === 0 || !competes(lane.standOf(other, boosted), line, parts.now)) continue;
				costs[lane.place] = cost;
				any = true;
			}
			if (!any) continue;
			for (const flow of other.flows.values()) {
				let cost = 0;
				for (const { lane, order } of flow.lines(boosted)) {
					const part = order.size * (costs[lane.place] ?? 0);
					cost += part;
					if (other !== share || itsBand !== band) continue;
					own += part;
					if (lane.demand.type === type) ownOfType += part;
				}
				if (itsBand > band) higher += cost;
				else if (cost > 0) add(same, flow, cost);
			}
		}
	}
	return { same, higher, ofType: own === 0 ? 1 : ownOfType / own };
};

const competes = <T extends ReadyTask>(stand: Stand<T> | undefined, line: Line<T>, now: number): boolean =>
	stand !== undefined && (stand === line.stand || stand.first(now) !== null);

/** What one task of a lane is likely to take of these nodes. */
const costOfOne = <T extends ReadyTask>(lane: Lane<T>, nodes: readonly NodeSlots[], costs: TypeCosts): number =>
	costs.expected(lane.demand.type) * overlap(lane, nodes);

const add = <T extends ReadyTask>(backlog: Backlog<T>, flow: Flow<T>, cost: number): void => {
	const people = backlog.get(flow.share) ?? new Map<Flow<T>, number>();
	backlog.set(flow.share, people);
	people.set(flow, (people.get(flow) ?? 0) + cost);
};

/** Which part of a lane's work these nodes would do: their slots among all that could take it. */
const overlap = <T extends ReadyTask>(lane: Lane<T>, nodes: readonly NodeSlots[]): number => {
	if (lane.size === 0 || lane.state === 'closed') return 0;
	const shared = nodes.filter(({ place }) => lane.able.has(place)).length;
	return shared === 0 ? 0 : Math.min(1, shared / lane.able.size);
};

const ownBefore = <T extends ReadyTask>(task: ReadyTask, { flow }: Line<T>, { lanes, costs }: Parts<T>): number => {
	const competing = new Set(lanes);
	let total = 0;
	for (const { order, lane } of flow.allLines()) {
		if (competing.has(lane)) total += order.countBefore(task) * costs.expected(lane.demand.type);
	}
	return total;
};

/** Others of the class are served until they have had as much as its owner will have had when its turn comes. */
const othersOfClass = <T extends ReadyTask>(
	flow: Flow<T>,
	own: number,
	people: Map<Flow<T>, number> | undefined,
	{ shares, now }: Parts<T>,
): number => {
	const until = shares.worth(flow.used, now) + own;
	let total = 0;
	for (const [other, cost] of people ?? []) {
		if (other !== flow) total += clamp(until - shares.worth(other.used, now), cost);
	}
	return total;
};

/** So are the other classes of the band, by their weights. */
const otherClasses = <T extends ReadyTask>(
	share: ClassShare<T>,
	ofClass: number,
	same: Backlog<T>,
	{ shares, now }: Parts<T>,
): number => {
	const until = (shares.worth(share.used, now) + ofClass) / share.rules.weight;
	let total = 0;
	for (const [other, people] of same) {
		if (other === share) continue;
		let cost = 0;
		for (const one of people.values()) cost += one;
		total += clamp(until * other.rules.weight - shares.worth(other.used, now), cost);
	}
	return total;
};

const clamp = (value: number, most: number): number => Math.max(0, Math.min(value, most));
