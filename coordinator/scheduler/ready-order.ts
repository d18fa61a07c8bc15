import { Heap } from './heap.ts';
import type { Lane } from './lane.ts';
import { comesBefore, type ReadyTask } from './ready-task.ts';

/** A task in line. `lane` is null once it is out; what is left of it in an order is skipped later. */
export interface Queued<T extends ReadyTask> {
	readonly task: T;
	lane: Lane<T> | null;
}

/** Tasks of one priority. Nearly all arrive in order and stand in a plain list; those that do not go to a heap. */
interface Line<T extends ReadyTask> {
	list: (Queued<T> | null)[];
	/** Start of the list; what is before it has gone. */
	head: number;
	late: Heap<Queued<T>>;
	live: number;
	/** Entries that are out but still stand in the list or the heap. */
	dead: number;
}

const before = <T extends ReadyTask>(a: Queued<T>, b: Queued<T>): boolean => comesBefore(a.task, b.task);

/**
 * The order inside a lane: priority, then arrival. Adding and taking the first are O(1) for tasks that arrive in
 * order, O(log n) otherwise. Fair shares (class, then user) would stand above the priorities in here.
 */
export class ReadyOrder<T extends ReadyTask> {
	readonly #lines: (Line<T> | undefined)[] = [];
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
		const line = this.#lineOf(entry.task.priority);
		const last = line.list[line.list.length - 1];
		if (last && before(entry, last)) line.late.push(entry);
		else line.list.push(entry);
		line.live += 1;
		this.#size += 1;
		if (!this.#first || before(entry, this.#first)) this.#first = entry;
	}

	/** Takes the first out. */
	shift(): Queued<T> | null {
		const entry = this.#first;
		if (entry) this.remove(entry);
		return entry;
	}

	/** Takes out an entry that stands in this order. */
	remove(entry: Queued<T>): void {
		entry.lane = null;
		const line = this.#lineOf(entry.task.priority);
		line.live -= 1;
		line.dead += 1;
		this.#size -= 1;
		if (line.live === 0) reset(line);
		else if (line.dead > line.live + 64) sweep(line);
		if (entry === this.#first) this.#first = this.#findFirst();
	}

	/** How many tasks in here go before this one, which need not be in here. */
	countBefore(task: ReadyTask): number {
		let count = 0;
		for (const [priority, line] of this.#lines.entries()) {
			if (!line || priority < task.priority) continue;
			if (priority > task.priority) count += line.live;
			else count += countInLine(line, task);
		}
		return count;
	}

	#findFirst(): Queued<T> | null {
		for (let priority = this.#lines.length - 1; priority >= 0; priority -= 1) {
			const line = this.#lines[priority];
			if (line && line.live > 0) return firstOf(line);
		}
		return null;
	}

	#lineOf(priority: number): Line<T> {
		let line = this.#lines[priority];
		if (!line) {
			line = { list: [], head: 0, late: new Heap<Queued<T>>(before), live: 0, dead: 0 };
			for (let i = this.#lines.length; i < priority; i += 1) this.#lines[i] = undefined; // no holes
			this.#lines[priority] = line;
		}
		return line;
	}
}

/** The first live entry; what has gone from before it is let go. */
const firstOf = <T extends ReadyTask>(line: Line<T>): Queued<T> | null => {
	const { list, late } = line;
	while (line.head < list.length && !list[line.head]?.lane) {
		list[line.head] = null;
		line.head += 1;
		line.dead -= 1;
	}
	if (line.head > 1024 && line.head * 2 > list.length) {
		line.list = list.slice(line.head);
		line.head = 0;
	}
	while (late.size > 0 && !late.peek()?.lane) {
		late.pop();
		line.dead -= 1;
	}
	const inOrder = line.list[line.head] ?? null;
	const outOfOrder = late.peek() ?? null;
	return inOrder && outOfOrder ? (before(outOfOrder, inOrder) ? outOfOrder : inOrder) : (inOrder ?? outOfOrder);
};

const reset = <T extends ReadyTask>(line: Line<T>): void => {
	line.list.length = 0;
	line.head = 0;
	if (line.late.size > 0) line.late.keep(() => false);
	line.dead = 0;
};

const sweep = <T extends ReadyTask>(line: Line<T>): void => {
	line.list = line.list.filter((entry) => entry?.lane);
	line.head = 0;
	line.late.keep((entry) => entry.lane !== null);
	line.dead = 0;
};

const countInLine = <T extends ReadyTask>(line: Line<T>, task: ReadyTask): number => {
	if (line.dead > 0) sweep(line);
	let low = line.head;
	let high = line.list.length;
	while (low < high) {
		const middle = (low + high) >>> 1;
		if (comesBefore(line.list[middle]!.task, task)) low = middle + 1;
		else high = middle;
	}
	let count = low - line.head;
	for (const entry of line.late.items) if (comesBefore(entry.task, task)) count += 1;
	return count;
};
