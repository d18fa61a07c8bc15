import { BitSet } from './bit-set.ts';
import type { ClassShare } from './class-share.ts';
import type { Demand } from './needs.ts';
import type { Queued } from './ready-order.ts';
import type { ReadyTask } from './ready-task.ts';
import type { Flow } from './shares.ts';
import { Stand } from './stand.ts';

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
 * Tasks of one queue that can go to exactly the same nodes: same demand, same node to avoid. Either one of them can be
 * placed or none can, so a lane is the unit that is blocked, and it blocks nothing else. Whose turn it is in there is
 * the matter of its stands.
 * States: closed (empty, or its queue is paused or none) · open (something of it may start) · parked (no node had room
 * for it; only a node that gains room can change that).
 */
export class Lane<T extends ReadyTask> {
	/** Its number among the lanes. */
	readonly place: number;
	/** A set of it alone. */
	readonly alone = new BitSet();
	readonly of: QueueLanes<T>;
	readonly queue: string | null;
	readonly demand: Demand;
	readonly avoidNode: string | null;
	/** Nodes that could serve it once they have room, the avoided one included. */
	readonly able = new BitSet();
	state: 'closed' | 'open' | 'parked' = 'closed';
	/** As its type is now. */
	short: boolean;
	#size = 0;
	readonly #stands = new Map<ClassShare<T>, Stand<T>>();
	/** Of the tasks that an administrator let go first. */
	readonly #boosted = new Map<ClassShare<T>, Stand<T>>();

	constructor(
		place: number,
		{ of, demand, avoidNode, short }: { of: QueueLanes<T>; demand: Demand; avoidNode: string | null; short: boolean },
	) {
		this.place = place;
		this.alone.set(place, true);
		this.of = of;
		this.queue = of.name;
		this.demand = demand;
		this.avoidNode = avoidNode;
		this.short = short;
	}

	/** Tasks in it. */
	get size(): number {
		return this.#size;
	}

	/** Whether a node has room for the tasks of both or of neither, as far as can be seen without looking at nodes. */
	goesWhere(other: Lane<T>): boolean {
		if (this.short !== other.short || this.avoidNode !== other.avoidNode) return false;
		return this.demand.devices.length + other.demand.devices.length === 0 && this.able.equals(other.able);
	}

	get stands(): Iterable<Stand<T>> {
		return this.#boosted.size === 0 ? this.#stands.values() : [...this.#boosted.values(), ...this.#stands.values()];
	}

	standOf(share: ClassShare<T>, boosted: boolean): Stand<T> | undefined {
		return (boosted ? this.#boosted : this.#stands).get(share);
	}

	/** Puts a task into its owner's line. */
	add(entry: Queued<T>, flow: Flow<T>, now: number): void {
		const { boosted } = entry.task;
		let stand = this.standOf(flow.share, boosted);
		if (!stand) {
			stand = new Stand(this, flow.share, boosted, now);
			(boosted ? this.#boosted : this.#stands).set(flow.share, stand);
		}
		stand.add(entry, flow);
		this.#size += 1;
	}

	/** Takes one out that is in it. */
	remove(entry: Queued<T>): void {
		const { stand } = entry.line!;
		stand.remove(entry);
		if (stand.size === 0) (stand.boosted ? this.#boosted : this.#stands).delete(stand.share);
		this.#size -= 1;
	}

	/** Something of this band has been started here. */
	served(band: number, now: number): void {
		for (const stand of this.stands) if (stand.band === band) stand.waitingSince = now;
	}
}
