import type { ClassShare } from './class-share.ts';
import type { Lane } from './lane.ts';
import { ReadyOrder } from './ready-order.ts';
import { comesBefore, type ReadyTask } from './ready-task.ts';
import type { Flow } from './shares.ts';
import type { Stand } from './stand.ts';

/** One person's tasks of one class in one lane. */
export class Line<T extends ReadyTask> {
	readonly flow: Flow<T>;
	readonly stand: Stand<T>;
	readonly order = new ReadyOrder<T>();

	constructor(flow: Flow<T>, stand: Stand<T>) {
		this.flow = flow;
		this.stand = stand;
	}

	get lane(): Lane<T> {
		return this.stand.lane;
	}

	/** The task that goes next; only for lines that have one. */
	get head(): T {
		return this.order.first!.task;
	}
}

/**
 * Which of two lines of one band goes first: of the class that has used less for its weight, then of the person who has
 * used less; among one person's own, queues take turns, and in a queue the first task decides.
 */
export const lineBefore = <T extends ReadyTask>(a: Line<T>, b: Line<T>): boolean => {
	const mine = a.flow;
	const other = b.flow;
	if (mine === other) return ownBefore(a, b);
	if (mine.share !== other.share) return shareBefore(mine.share, other.share);
	return mine.used === other.used ? mine.user < other.user : mine.used < other.used;
};

/** Which of two classes of one band goes first. */
export const shareBefore = <T extends ReadyTask>(a: ClassShare<T>, b: ClassShare<T>): boolean => {
	const x = a.usedByWeight;
	const y = b.usedByWeight;
	return x === y ? a.rules.id < b.rules.id : x < y;
};

/** Of one person's own. */
export const ownBefore = <T extends ReadyTask>(a: Line<T>, b: Line<T>): boolean => {
	const { turn } = a.lane.of;
	const other = b.lane.of.turn;
	return turn === other ? comesBefore(a.head, b.head) : turn < other;
};
