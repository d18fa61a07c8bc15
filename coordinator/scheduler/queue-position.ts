import { lanesOf, type QueueLanes } from './lane.ts';
import { type Line, lineBefore } from './line.ts';
import { bandBefore } from './next-start.ts';
import type { ReadyTask } from './ready-task.ts';
import type { Flow } from './shares.ts';

/** How many of a person's own tasks in the queue go before this one, which need not be in it. */
export const ownAhead = <T extends ReadyTask>(queue: QueueLanes<T>, flow: Flow<T>, task: T): number => {
	let count = 0;
	for (const lane of lanesOf(queue)) {
		count += lane.standOf(flow.share)?.lineOf(flow)?.order.countBefore(task) ?? 0;
	}
	return count;
};

/** How many other people, by class, have tasks in the queue that go before this line's as things are now. */
export const othersAhead = <T extends ReadyTask>(queue: QueueLanes<T>, line: Line<T>): number => {
	const before = new Set<Flow<T>>();
	for (const lane of lanesOf(queue)) {
		for (const stand of lane.stands) {
			for (const other of stand.lines) {
				if (other.flow !== line.flow && comesBefore(other, line)) before.add(other.flow);
			}
		}
	}
	return before.size;
};

/** By band first; what has aged is left out of account. */
const comesBefore = <T extends ReadyTask>(a: Line<T>, b: Line<T>): boolean =>
	bandBefore(a, b) || (!bandBefore(b, a) && lineBefore(a, b));
