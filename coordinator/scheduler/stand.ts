import type { ClassShare } from './class-share.ts';
import { Heap } from './heap.ts';
import type { Lane } from './lane.ts';
import { Line } from './line.ts';
import type { Queued } from './ready-order.ts';
import type { ReadyTask } from './ready-task.ts';
import { bandOf } from './service-class.ts';
import type { Flow } from './shares.ts';

/** The tasks of one class in one lane, boosted ones apart, by person. */
export class Stand<T extends ReadyTask> {
	readonly lane: Lane<T>;
	readonly share: ClassShare<T>;
	/** An administrator let these go first. */
	readonly boosted: boolean;
	/** Since when nothing of its band has been started in this lane although there was something. */
	waitingSince: number;
	readonly #lines = new Map<Flow<T>, Line<T>>();
	/**
	 * Lines of those who may start something, by what their people had used when they were put in place. Who has used
	 * more since is put right when it comes to the top: one person's start does not touch all of that person's lines.
	 */
	readonly #ready = new Heap<Line<T>>(usedLess, (line, at) => {
		line.at = at;
	});

	constructor(lane: Lane<T>, share: ClassShare<T>, boosted: boolean, now: number) {
		this.lane = lane;
		this.share = share;
		this.boosted = boosted;
		this.waitingSince = now;
	}

	get isEmpty(): boolean {
		return this.#lines.size === 0;
	}

	get lines(): Iterable<Line<T>> {
		return this.#lines.values();
	}

	get band(): number {
		return bandOf(this.share.rules, this.boosted);
	}

	/** Whose turn it is here; undefined when nobody may start anything. */
	first(now: number): Line<T> | undefined {
		if (this.share.limitReached(this.lane.demand, now) !== null) return undefined;
		let line = this.#ready.peek();
		while (line && line.usedThen !== line.flow.used) {
			line.usedThen = line.flow.used;
			this.#ready.resort(0);
			line = this.#ready.peek();
		}
		return line;
	}

	/** How many of its tasks could start if there were room for them, `most` at the most. */
	startable(most: number, now: number): number {
		if (!this.first(now)) return 0;
		let count = 0;
		for (const { order, flow } of this.#ready.items) {
			count += Math.min(order.size, flow.room);
			if (count >= most) break;
		}
		return Math.min(most, count, this.share.room(this.lane.demand));
	}

	lineOf(flow: Flow<T>): Line<T> | undefined {
		return this.#lines.get(flow);
	}

	add(entry: Queued<T>, flow: Flow<T>): void {
		let line = this.#lines.get(flow);
		if (!line) {
			line = new Line(flow, this);
			this.#lines.set(flow, line);
			flow.lines.add(line);
		}
		entry.line = line;
		line.order.add(entry);
		this.update(line);
	}

	remove(entry: Queued<T>): void {
		const line = entry.line!;
		line.order.remove(entry);
		this.update(line);
		if (line.order.size > 0) return;
		this.#lines.delete(line.flow);
		line.flow.lines.delete(line);
	}

	/** All costs were made smaller at once: what was in order by a hair may be equal now. */
	rebuild(): void {
		this.#ready.keep((line) => {
			line.usedThen = line.flow.used;
			return true;
		});
	}

	/** Puts a line where it belongs after its tasks have changed, or its person has used less than was thought or may run more or less. */
	update(line: Line<T>): void {
		line.usedThen = line.flow.used;
		const isReady = line.order.size > 0 && line.flow.room > 0;
		if (line.at >= 0 && !isReady) {
			this.#ready.removeAt(line.at);
			line.at = -1;
		} else if (line.at >= 0) this.#ready.resort(line.at);
		else if (isReady) this.#ready.push(line);
	}
}

const usedLess = <T extends ReadyTask>(a: Line<T>, b: Line<T>): boolean =>
	a.usedThen === b.usedThen ? a.flow.user < b.flow.user : a.usedThen < b.usedThen;
