import type { NodeOffer } from '../scheduler/node-slots.ts';
import { LevelSeries } from './level-series.ts';
import type { GroupFigures } from './outcome.ts';
import type { Change } from './world.ts';

/** Groups that are told apart; nodes of any other kind are taken together. */
const MOST_GROUPS = 20;
const REST = 'others';

interface Group {
	nodes: Set<string>;
	slots: LevelSeries;
	busy: LevelSeries;
}

/** Which slots there are and which are in use, by group of nodes and time. */
export class SlotUse {
	readonly #from: number;
	readonly #until: number;
	readonly #buckets: number;
	readonly #groupOf: (node: NodeOffer) => string;
	readonly #groups = new Map<string, Group>();
	/** Of nodes that are or were there. */
	readonly #nodes = new Map<string, { group: Group; slots: number; taken: number }>();

	constructor(options: { from: number; until: number; buckets: number; groupOf: (node: NodeOffer) => string }) {
		this.#from = options.from;
		this.#until = options.until;
		this.#buckets = options.buckets;
		this.#groupOf = options.groupOf;
	}

	changed(change: Change, now: number): void {
		if (change.do === 'setNode') this.#set(change.node, now);
		else if (change.do === 'removeNode') this.#resize(change.id, 0, now);
	}

	took(node: string, now: number): void {
		this.#move(node, 1, now);
	}

	gaveBack(node: string, now: number): void {
		this.#move(node, -1, now);
	}

	figures(until: number): { groups: GroupFigures[]; used: number } {
		let allSlots = 0;
		let allBusy = 0;
		const groups = [...this.#groups].map(([name, { nodes, slots, busy }]) => {
			const there = slots.means(until);
			const taken = busy.means(until);
			const [slotSum, busySum] = [sum(there), sum(taken)];
			allSlots += slotSum;
			allBusy += busySum;
			const used = taken.map((one, at) => share(one, there[at]!));
			return { name, nodes: nodes.size, mean: share(busySum, slotSum), used };
		});
		return { groups: groups.sort((a, b) => (a.name < b.name ? -1 : 1)), used: share(allBusy, allSlots) };
	}

	#set(offer: NodeOffer, now: number): void {
		const known = this.#nodes.get(offer.id);
		const group = this.#group(this.#groupOf(offer));
		group.nodes.add(offer.id);
		if (known && known.group !== group) {
			this.#resize(offer.id, 0, now);
			known.group.busy.add(-known.taken, now);
			group.busy.add(known.taken, now);
			known.group = group;
		}
		if (!known) this.#nodes.set(offer.id, { group, slots: 0, taken: 0 });
		this.#resize(offer.id, offer.accepting ? offer.concurrency : 0, now);
	}

	#resize(id: string, slots: number, now: number): void {
		const node = this.#nodes.get(id);
		if (!node) return;
		node.group.slots.add(slots - node.slots, now);
		node.slots = slots;
	}

	#move(id: string, change: number, now: number): void {
		let node = this.#nodes.get(id);
		if (!node) {
			// What is left of a node that went before the period began.
			node = { group: this.#group(REST), slots: 0, taken: 0 };
			this.#nodes.set(id, node);
		}
		node.taken += change;
		node.group.busy.add(change, now);
	}

	#group(wanted: string): Group {
		const name = this.#groups.has(wanted) || this.#groups.size < MOST_GROUPS ? wanted : REST;
		let group = this.#groups.get(name);
		if (!group) {
			const series = () => new LevelSeries(this.#from, this.#until, this.#buckets);
			group = { nodes: new Set(), slots: series(), busy: series() };
			this.#groups.set(name, group);
		}
		return group;
	}
}

const sum = (values: readonly number[]): number => values.reduce((a, b) => a + b, 0);

/** Slots of a node that left while something ran may be more in use than there are. */
const share = (part: number, whole: number): number => (whole <= 0 ? 0 : Math.min(1, part / whole));
