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
	/** Its place in the stand's heap; -1 while it is not in it. */
	at = -1;
	/** What its person had used when it was put there; never more than what it is by now. */
	usedThen = 0;

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
	if (mine.share !== other.share) {
		const x = mine.share.usedByWeight;
		const y = other.share.usedByWeight;
		return x === y ? mine.share.rules.id < other.share.rules.id : x < y;
	}
	return mine.used === other.used ? mine.user < other.user : mine.used < other.used;
};

const ownBefore = <T extends ReadyTask>(a: Line<T>, b: Line<T>): boolean => {
	const { turn } = a.lane.of;
	const other = b.lane.of.turn;
	return turn === other ? comesBefore(a.head, b.head) : turn < other;
};
