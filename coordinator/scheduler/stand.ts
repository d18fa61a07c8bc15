import type { ClassShare } from './class-share.ts';
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

	constructor(lane: Lane<T>, share: ClassShare<T>, boosted: boolean, now: number) {
		this.lane = lane;
		this.share = share;
		this.boosted = boosted;
		this.waitingSince = now;
	}

	/** People with a line in it. */
	get size(): number {
		return this.#lines.size;
	}

	get lines(): Iterable<Line<T>> {
		return this.#lines.values();
	}

	get band(): number {
		return bandOf(this.share.rules, this.boosted);
	}

	/** Whose turn it is here; null when nobody may start anything. */
	first(now: number): Line<T> | null {
		if (this.share.limitReached(this.lane.demand, now) !== null) return null;
		return this.share.peopleOf(this.boosted).first(this.lane.alone)?.lineIn(this.lane) ?? null;
	}

	/** How many of its tasks could start if there were room for them, `most` at the most. */
	startable(most: number, now: number): number {
		if (!this.first(now)) return 0;
		let count = 0;
		for (const { order, flow } of this.#lines.values()) {
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
			flow.contender(this.boosted).add(line);
		}
		entry.line = line;
		line.order.add(entry);
	}

	remove(entry: Queued<T>): void {
		const line = entry.line!;
		line.order.remove(entry);
		if (line.order.size > 0) return;
		this.#lines.delete(line.flow);
		line.flow.contender(this.boosted).remove(line);
	}
}
