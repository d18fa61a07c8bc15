import { BitSet } from './bit-set.ts';
import { Lane, type QueueLanes } from './lane.ts';
import type { Demand } from './needs.ts';
import type { NodeSlots } from './node-slots.ts';
import { couldServe } from './placement-rules.ts';
import type { ReadyTask } from './ready-task.ts';

/** Lanes that may stand empty before they are cleared away. */
const SPARE_LANES = 256;

/** All lanes: which are open and which are parked. */
export class LaneTable<T extends ReadyTask> {
	readonly #all = new Set<Lane<T>>();
	readonly open = new Set<Lane<T>>();
	readonly openPlaces = new BitSet();
	readonly parked = new Set<Lane<T>>();
	readonly #nodes: () => Iterable<NodeSlots>;
	readonly #swept: (used: ReadonlySet<Demand>) => void;
	readonly #places: (Lane<T> | null)[] = [];
	#sweepAt = SPARE_LANES;

	/** `nodes` are the connected ones; `swept` hears which demands are still used after empty lanes were cleared away. */
	constructor(options: { nodes: () => Iterable<NodeSlots>; swept: (used: ReadonlySet<Demand>) => void }) {
		this.#nodes = options.nodes;
		this.#swept = options.swept;
	}

	/** The lane for these tasks, made if there is none. */
	lane(of: QueueLanes<T>, demand: Demand, avoidNode: string | null, short: boolean): Lane<T> {
		const found = of.lanes.get(demand)?.get(avoidNode);
		if (found) return found;
		if (this.#all.size >= this.#sweepAt) this.#sweep(demand);
		const lane = this.#newLane(of, demand, avoidNode, short);
		this.#places[lane.place] = lane;
		let alike = of.lanes.get(demand);
		if (!alike) {
			alike = new Map();
			of.lanes.set(demand, alike);
		}
		alike.set(avoidNode, lane);
		this.#all.add(lane);
		return lane;
	}

	/** The lane as it is, or as it would be made: a question makes none. */
	imagined(of: QueueLanes<T>, demand: Demand, short: boolean): Lane<T> {
		return of.lanes.get(demand)?.get(null) ?? this.#newLane(of, demand, null, short);
	}

	get all(): Iterable<Lane<T>> {
		return this.#all;
	}

	/**
	 * No node has room for this open lane: so none has for those whose tasks go to the same nodes. To find that out for
	 * each by itself was most of what a decision cost where many types wait for the same nodes.
	 */
	park(lane: Lane<T>): void {
		for (const one of this.open) if (one === lane || one.goesWhere(lane)) this.#set(one, 'parked');
	}

	/** Opens the parked lanes that some node now has room for. */
	wake(hasRoom: (lane: Lane<T>) => boolean): void {
		for (const lane of this.parked) if (hasRoom(lane)) this.#set(lane, 'open');
	}

	/** After its size changed, or its queue was paused or resumed. */
	update(lane: Lane<T>): void {
		const isClosed = lane.size === 0 || lane.of.paused || lane.queue === null;
		if (isClosed) this.#set(lane, 'closed');
		else if (lane.state === 'closed') this.#set(lane, 'open');
	}

	/** Tasks of this type have turned out to be short, or long. */
	retime(type: string, short: boolean): void {
		for (const lane of this.#all) if (lane.demand.type === type) lane.short = short;
		this.wake(({ demand }) => demand.type === type);
	}

	/** A node came, changed or left: which lanes it could serve is worked out anew, and all get another chance. */
	refresh(node: NodeSlots): void {
		for (const lane of this.#all) lane.able.set(node.place, couldServe(lane, node));
		this.wake(() => true);
	}

	/** Forgets the lanes of a queue that is gone; they must be empty. */
	drop(of: QueueLanes<T>): void {
		for (const alike of of.lanes.values()) for (const lane of alike.values()) this.#forget(lane);
		of.lanes.clear();
	}

	#newLane(of: QueueLanes<T>, demand: Demand, avoidNode: string | null, short: boolean): Lane<T> {
		const gap = this.#places.indexOf(null);
		const lane = new Lane<T>(gap < 0 ? this.#places.length : gap, { of, demand, avoidNode, short });
		for (const node of this.#nodes()) lane.able.set(node.place, couldServe(lane, node));
		return lane;
	}

	#set(lane: Lane<T>, state: Lane<T>['state']): void {
		this.openPlaces.set(lane.place, state === 'open');
		if (lane.state === 'open') this.open.delete(lane);
		if (lane.state === 'parked') this.parked.delete(lane);
		lane.state = state;
		if (state === 'open') this.open.add(lane);
		if (state === 'parked') this.parked.add(lane);
	}

	#forget(lane: Lane<T>): void {
		this.#all.delete(lane);
		this.#places[lane.place] = null;
	}

	#sweep(wanted: Demand): void {
		const used = new Set([wanted]);
		for (const lane of this.#all) {
			if (lane.size > 0) {
				used.add(lane.demand);
				continue;
			}
			this.#forget(lane);
			const alike = lane.of.lanes.get(lane.demand);
			alike?.delete(lane.avoidNode);
			if (alike?.size === 0) lane.of.lanes.delete(lane.demand);
		}
		this.#swept(used);
		this.#sweepAt = Math.max(SPARE_LANES, this.#all.size * 2);
	}
}
