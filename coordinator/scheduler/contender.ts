import { BitSet } from './bit-set.ts';
import type { Lane } from './lane.ts';
import { type Line, ownBefore } from './line.ts';
import type { PeopleBlock } from './people-order.ts';
import type { ReadyTask } from './ready-task.ts';
import type { Flow } from './shares.ts';

/** One person's tasks of one class, boosted ones apart: who is looked at when it is decided whose turn it is. */
export class Contender<T extends ReadyTask> {
	readonly flow: Flow<T>;
	readonly boosted: boolean;
	/** Places of the lanes that its lines are in. */
	readonly lanes = new BitSet();
	/** Where it stands among the people of its class; null while it may start nothing. */
	block: PeopleBlock<T> | null = null;
	readonly #lines = new Map<Lane<T>, Line<T>>();

	constructor(flow: Flow<T>, boosted: boolean) {
		this.flow = flow;
		this.boosted = boosted;
	}

	get lines(): Iterable<Line<T>> {
		return this.#lines.values();
	}

	get hasLines(): boolean {
		return this.#lines.size > 0;
	}

	lineIn(lane: Lane<T>): Line<T> | undefined {
		return this.#lines.get(lane);
	}

	add(line: Line<T>): void {
		this.#lines.set(line.lane, line);
		this.lanes.set(line.lane.place, true);
		if (this.block) this.block.lanes.set(line.lane.place, true);
		else this.update();
	}

	remove(line: Line<T>): void {
		this.#lines.delete(line.lane);
		this.lanes.set(line.lane.place, false);
		if (this.#lines.size === 0) this.update();
	}

	/** Of its lines in these lanes the one that goes next. */
	next(within: BitSet): Line<T> | null {
		let best: Line<T> | null = null;
		for (const line of this.#lines.values()) {
			if (within.has(line.lane.place) && (!best || ownBefore(line, best))) best = line;
		}
		return best;
	}

	/** To be told after what its person has used, or may run, has changed. */
	update(): void {
		const order = this.flow.share.peopleOf(this.boosted);
		if (this.block) order.take(this);
		if (this.#lines.size > 0 && this.flow.room > 0) order.place(this);
	}
}
