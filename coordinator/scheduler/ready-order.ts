import { Heap } from './heap.ts';
import type { Line } from './line.ts';
import { comesBefore, type ReadyTask } from './ready-task.ts';

/** A task in line. `line` is null once it is out; what is left of it in an order is skipped later. */
export interface Queued<T extends ReadyTask> {
	readonly task: T;
	line: Line<T> | null;
	/** It came out of order and stands in the heap. */
	isLate: boolean;
}

/** Tasks of one priority. Nearly all arrive in order and stand in a plain list; those that do not go to a heap. */
interface Rank<T extends ReadyTask> {
	list: (Queued<T> | null)[];
	/** Start of the list; what is before it has gone. */
	head: number;
	late: Heap<Queued<T>>;
	live: number;
	/** Entries that are out but still stand in the list, from its start on, or in the heap. */
	goneOfList: Set<Queued<T>>;
	goneOfHeap: number;
}

const before = <T extends ReadyTask>(a: Queued<T>, b: Queued<T>): boolean => comesBefore(a.task, b.task);

/**
 * The order among one person's tasks: priority, then arrival. Adding and taking the first are O(1) for tasks that arrive
 * in order, O(log n) otherwise.
 */
export class ReadyOrder<T extends ReadyTask> {
	readonly #ranks: (Rank<T> | undefined)[] = [];
	#first: Queued<T> | null = null;
	#size = 0;

	get size(): number {
		return this.#size;
	}

	/** The task that goes next. */
	get first(): Queued<T> | null {
		return this.#first;
	}

	add(entry: Queued<T>): void {
		const rank = this.#rankOf(entry.task.priority);
		const last = rank.list[rank.list.length - 1];
		entry.isLate = last ? before(entry, last) : false;
		if (entry.isLate) rank.late.push(entry);
		else rank.list.push(entry);
		rank.live += 1;
		this.#size += 1;
		if (!this.#first || before(entry, this.#first)) this.#first = entry;
	}

	/** Arrival of the task that has stood here longest, whenever its turn is; null when there is none. */
	get oldest(): number | null {
		let oldest: number | null = null;
		for (const rank of this.#ranks) {
			if (!rank || rank.live === 0) continue;
			const order = firstOf(rank)?.task.order;
			if (order !== undefined && (oldest === null || order < oldest)) oldest = order;
		}
		return oldest;
	}

	/** Takes out an entry that stands in this order. */
	remove(entry: Queued<T>): void {
		entry.line = null;
		const rank = this.#rankOf(entry.task.priority);
		rank.live -= 1;
		if (entry.isLate) rank.goneOfHeap += 1;
		else rank.goneOfList.add(entry);
		this.#size -= 1;
		if (rank.live === 0) reset(rank);
		else if (rank.goneOfList.size + rank.goneOfHeap > rank.live + 64) sweep(rank);
		if (entry === this.#first) this.#first = this.#findFirst();
	}

	/** How many tasks in here go before this one, which need not be in here. */
	countBefore(task: ReadyTask): number {
		let count = 0;
		for (const [priority, rank] of this.#ranks.entries()) {
			if (!rank || priority < task.priority) continue;
			if (priority > task.priority) count += rank.live;
			else count += countInRank(rank, task);
		}
		return count;
	}

	#findFirst(): Queued<T> | null {
		for (let priority = this.#ranks.length - 1; priority >= 0; priority -= 1) {
			const rank = this.#ranks[priority];
			if (rank && rank.live > 0) return firstOf(rank);
		}
		return null;
	}

	#rankOf(priority: number): Rank<T> {
		let rank = this.#ranks[priority];
		if (!rank) {
			rank = { list: [], head: 0, late: new Heap<Queued<T>>(before), live: 0, goneOfList: new Set(), goneOfHeap: 0 };
			for (let i = this.#ranks.length; i < priority; i += 1) this.#ranks[i] = undefined; // no holes
			this.#ranks[priority] = rank;
		}
		return rank;
	}
}

/** The first live entry; what has gone from before it is let go. */
const firstOf = <T extends ReadyTask>(rank: Rank<T>): Queued<T> | null => {
	const { list, late } = rank;
	for (let gone = list[rank.head]; gone && !gone.line; gone = list[rank.head]) {
		list[rank.head] = null;
		rank.head += 1;
		rank.goneOfList.delete(gone);
	}
	if (rank.head > 1024 && rank.head * 2 > list.length) {
		rank.list = list.slice(rank.head);
		rank.head = 0;
	}
	while (late.size > 0 && !late.peek()?.line) {
		late.pop();
		rank.goneOfHeap -= 1;
	}
	const inOrder = rank.list[rank.head] ?? null;
	const outOfOrder = late.peek() ?? null;
	return inOrder && outOfOrder ? (before(outOfOrder, inOrder) ? outOfOrder : inOrder) : (inOrder ?? outOfOrder);
};

const reset = <T extends ReadyTask>(rank: Rank<T>): void => {
	rank.list.length = 0;
	rank.head = 0;
	if (rank.late.size > 0) rank.late.keep(() => false);
	rank.goneOfList.clear();
	rank.goneOfHeap = 0;
};

const sweep = <T extends ReadyTask>(rank: Rank<T>): void => {
	rank.list = rank.list.filter((entry) => entry?.line);
	rank.head = 0;
	rank.late.keep((entry) => entry.line !== null);
	rank.goneOfList.clear();
	rank.goneOfHeap = 0;
};

/** A long list is not gone through for a question because a few have left it. */
const COUNTED_ONE_BY_ONE = 1_000;

const countInRank = <T extends ReadyTask>(rank: Rank<T>, task: ReadyTask): number => {
	if (rank.goneOfList.size > COUNTED_ONE_BY_ONE) sweep(rank);
	let low = rank.head;
	let high = rank.list.length;
	while (low < high) {
		const middle = (low + high) >>> 1;
		if (comesBefore(rank.list[middle]!.task, task)) low = middle + 1;
		else high = middle;
	}
	let count = low - rank.head;
	for (const gone of rank.goneOfList) if (comesBefore(gone.task, task)) count -= 1;
	for (const { task: late, line } of rank.late.items) if (line && comesBefore(late, task)) count += 1;
	return count;
};
