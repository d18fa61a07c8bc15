import { lanesOf, type QueueLanes } from './lane.ts';
import { type Line, lineBefore } from './line.ts';
import { bandBefore } from './next-start.ts';
import type { ReadyTask } from './ready-task.ts';
import type { Flow } from './shares.ts';

/** What goes before a task in its queue. */
export interface Ahead {
	/** Its owner's own tasks. */
	own: number;
	/** Other people with tasks there whose turn comes first as things are now. */
	people: number;
	/** The same people by class, most first. */
	classes: { serviceClass: string; people: number }[];
}

export const aheadOf = <T extends ReadyTask>(task: T, line: Line<T>): Ahead => {
	const queue = line.lane.of;
	const classes = othersAhead(queue, line);
	const people = classes.reduce((sum, one) => sum + one.people, 0);
	return { own: ownAhead(queue, line.flow, task), people, classes };
};

/** How many of a person's own tasks in the queue go before this one, which need not be in it: boosted ones first. */
const ownAhead = <T extends ReadyTask>(queue: QueueLanes<T>, flow: Flow<T>, task: T): number => {
	let count = 0;
	for (const lane of lanesOf(queue)) {
		const orderOf = (boosted: boolean) => lane.standOf(flow.share, boosted)?.lineOf(flow)?.order;
		count += orderOf(task.boosted)?.countBefore(task) ?? 0;
		if (!task.boosted) count += orderOf(true)?.size ?? 0;
	}
	return count;
};

const othersAhead = <T extends ReadyTask>(queue: QueueLanes<T>, line: Line<T>): Ahead['classes'] => {
	const before = new Set<Flow<T>>();
	for (const lane of lanesOf(queue)) {
		for (const stand of lane.stands) {
			for (const other of stand.lines) {
				if (other.flow !== line.flow && comesBefore(other, line)) before.add(other.flow);
			}
		}
	}
	const people = new Map<string, number>();
	for (const { share } of before) people.set(share.rules.id, (people.get(share.rules.id) ?? 0) + 1);
	return [...people]
		.map(([serviceClass, count]) => ({ serviceClass, people: count }))
		.sort((a, b) => b.people - a.people || (a.serviceClass < b.serviceClass ? -1 : 1));
};

/** By band first; what has aged is left out of account. */
const comesBefore = <T extends ReadyTask>(a: Line<T>, b: Line<T>): boolean =>
	bandBefore(a, b) || (!bandBefore(b, a) && lineBefore(a, b));
