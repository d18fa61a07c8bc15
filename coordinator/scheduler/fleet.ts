import { BitSet } from './bit-set.ts';
import type { Lane } from './lane.ts';
import { type Lease, type NodeOffer, NodeSlots } from './node-slots.ts';
import { ACCEPTS_WORK, DEVICES_FREE, SLOT_FREE } from './placement-rules.ts';
import type { ReadyTask } from './ready-task.ts';

/** The nodes and the live leases, and which nodes have room. */
export class Fleet<T extends ReadyTask> {
	readonly #nodes = new Map<string, NodeSlots>();
	readonly #places: (NodeSlots | null)[] = [];
	readonly #leases = new Map<number, Lease<T>>();
	/** A node has come, or has another name, since they were put in order of their names. */
	#isUnranked = false;
	/** Nodes that take work and have a free slot. */
	readonly free = new BitSet();
	/** Those of them with one that tasks of long types may use, too. */
	readonly freeForLong = new BitSet();
	/** Those of them that gained room since all parked lanes were last tried. */
	readonly woken = new BitSet();

	/** A node came or changed. */
	set(offer: NodeOffer): NodeSlots {
		const node = this.#node(offer.id);
		if (node.name !== offer.name) this.#isUnranked = true;
		node.offer(offer);
		this.#note(node, true);
		return node;
	}

	/** A node left; its leases stay until they are released. */
	remove(id: string): NodeSlots | null {
		const node = this.#nodes.get(id);
		if (!node?.connected) return null;
		node.leave();
		this.#note(node, false);
		this.#forgetIfIdle(node);
		return node;
	}

	/** Connected nodes. */
	*connected(): Generator<NodeSlots> {
		for (const node of this.#nodes.values()) if (node.connected) yield node;
	}

	/** `inputs` names the contents that the task brings to the node. */
	lease(task: T, nodeId: string, how: { now: number; short: boolean; inputs: readonly string[] }): void {
		const node = this.#node(nodeId);
		const lease: Lease<T> = { task, node, since: how.now, short: how.short, askedBackAt: null };
		this.#leases.set(task.seq, lease);
		node.add(lease);
		node.inputs.use(how.inputs);
		this.#note(node, false);
	}

	leaseOf(seq: number): Lease<T> | undefined {
		return this.#leases.get(seq);
	}

	/** Tasks with a live lease. */
	*running(): Generator<T> {
		for (const { task } of this.#leases.values()) yield task;
	}

	release(seq: number): void {
		const lease = this.#leases.get(seq);
		if (!lease) return;
		this.#leases.delete(seq);
		lease.node.delete(lease);
		this.#note(lease.node, true);
		this.#forgetIfIdle(lease.node);
	}

	/** The place of the node that this lane keeps away from, or -1: it may go there after all if no other could serve it. */
	avoided(lane: Lane<T>): number {
		if (lane.avoidNode === null || lane.able.size < 2) return -1;
		return this.#nodes.get(lane.avoidNode)?.place ?? -1;
	}

	/**
	 * Of the nodes `within` that have room for this lane's tasks the one that has most of these inputs, then the least
	 * loaded one, ties by name; null if none has room.
	 */
	choose(lane: Lane<T>, within: BitSet, inputs: readonly string[] = NONE): NodeSlots | null {
		const avoided = this.avoided(lane);
		const devices = lane.demand.devices.length > 0;
		if (this.#isUnranked) this.#rank();
		let best: NodeSlots | null = null;
		let bestHas = 0;
		let bestLoad = 0;
		for (let at = lane.able.nextCommon(within, 0); at >= 0; at = lane.able.nextCommon(within, at + 1)) {
			if (at === avoided) continue;
			const node = this.#places[at] as NodeSlots;
			const load = node.load;
			const has = inputs.length === 0 ? 0 : node.inputs.count(inputs);
			if (best && has < bestHas) continue;
			if (best && has === bestHas && (load > bestLoad || (load === bestLoad && node.rank > best.rank))) continue;
			if (!node.hasSlot(lane.short) || (devices && !DEVICES_FREE.holds(lane, node))) continue;
			best = node;
			bestHas = has;
			bestLoad = load;
		}
		return best;
	}

	/** The nodes with a free slot for tasks of short or long types. */
	freeFor(short: boolean): BitSet {
		return short ? this.free : this.freeForLong;
	}

	/** The node at a place of a {@link BitSet}. */
	at(place: number): NodeSlots {
		return this.#places[place] as NodeSlots;
	}

	runningOn(nodeId: string): number {
		return this.#nodes.get(nodeId)?.leases.size ?? 0;
	}

	#node(id: string): NodeSlots {
		let node = this.#nodes.get(id);
		if (!node) {
			const gap = this.#places.indexOf(null);
			const place = gap < 0 ? this.#places.length : gap;
			node = new NodeSlots(id, place);
			this.#nodes.set(id, node);
			this.#places[place] = node;
			this.#isUnranked = true;
		}
		return node;
	}

	#note(node: NodeSlots, gained: boolean): void {
		const free = ACCEPTS_WORK.holds(NOTHING, node) && SLOT_FREE.holds(NOTHING, node);
		this.free.set(node.place, free);
		this.freeForLong.set(node.place, free && node.hasSlot(false));
		if (!free) this.woken.set(node.place, false);
		else if (gained) this.woken.set(node.place, true);
	}

	/** Names are compared once for all choices until one comes or changes. */
	#rank(): void {
		this.#isUnranked = false;
		const byName = [...this.#nodes.values()].sort((a, b) => (nameBefore(a, b) ? -1 : 1));
		for (const [rank, node] of byName.entries()) node.rank = rank;
	}

	#forgetIfIdle(node: NodeSlots): void {
		if (node.connected || node.leases.size > 0) return;
		this.#nodes.delete(node.id);
		this.#places[node.place] = null;
	}
}

const nameBefore = (a: NodeSlots, b: NodeSlots): boolean => (a.name === b.name ? a.id < b.id : a.name < b.name);

const NONE: readonly string[] = [];

/** These rules look at the node alone; for short tasks any free slot will do. */
const NOTHING = {
	queue: null,
	demand: { type: '', cores: 0, memoryBytes: 0, sandbox: 'none', labels: [], devices: [] },
	short: true,
} as const;
