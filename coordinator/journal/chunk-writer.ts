import type { ReadyTask } from '../scheduler/ready-task.ts';
import { CHUNK_FORMAT, MOST_NEAR, MOST_SMALL, OP, TAG, TASK_FIELDS } from './chunk-format.ts';
import type { Start } from './event.ts';

/** Above this a zigzag number would not be exact; it is written as a float, which is. */
const MOST_INTEGER = 2 ** 51;
/** Room that is always there for one number. */
const MARGIN = 16;

/** Writes events into memory, as short as can be done without looking twice. Called for every command: nothing here is slow. */
export class ChunkWriter {
	#bytes: Buffer;
	#at = 0;
	#now: number;
	#seq = 0;
	#order = 0;
	#events = 0;
	readonly #strings = new Map<string, number>();
	readonly #objects = new Map<object, number>();
	readonly #texts = new Map<string, number>();
	#entries = 0;

	/** `fromClock` is the clock before the first event; `size` about how large it becomes. */
	constructor(fromClock: number, size: number) {
		this.#now = fromClock;
		this.#bytes = Buffer.allocUnsafe(size + 1_024);
		this.#byte(CHUNK_FORMAT);
		this.#value(TASK_FIELDS);
	}

	get size(): number {
		return this.#at;
	}

	get events(): number {
		return this.#events;
	}

	/** Of the newest event. */
	get clock(): number {
		return this.#now;
	}

	/** What has been written; the writer is of no use afterwards. */
	finish(): Buffer {
		return this.#bytes.subarray(0, this.#at);
	}

	/** An event whose one fact is a plain value. */
	plain(
		op: 'setQueues' | 'setClasses' | 'learnCosts' | 'setNode' | 'removeNode',
		value: object | string,
		now: number,
	): void {
		this.#begin(OP[op], now);
		// By its text: the same object may have other things in it the next time.
		if (typeof value === 'string') this.#value(value);
		else this.#interned(JSON.stringify(value), this.#texts, TAG.json);
	}

	enqueue(task: ReadyTask, now: number): void {
		this.#begin(OP.enqueue, now);
		this.#task(task);
	}

	remove(seq: number, now: number): void {
		this.#begin(OP.remove, now);
		this.#seqStep(seq);
	}

	restoreLease(task: ReadyTask, node: string, inputs: readonly string[], now: number): void {
		this.#begin(OP.restoreLease, now);
		this.#task(task);
		this.#value(node);
		this.#inputs(inputs);
	}

	release(seq: number, cost: number | null, now: number): void {
		this.#begin(OP.release, now);
		this.#seqStep(seq);
		this.#value(cost);
	}

	pick(limit: number, starts: readonly Start[], now: number): void {
		this.#begin(OP.pick, now);
		this.#value(limit);
		this.#varint(starts.length);
		for (const { seq, node, inputs } of starts) {
			this.#seqStep(seq);
			this.#value(node);
			this.#inputs(inputs);
		}
	}

	preempt(limit: number, asked: readonly number[], now: number): void {
		this.#begin(OP.preempt, now);
		this.#value(limit);
		this.#varint(asked.length);
		for (const seq of asked) this.#seqStep(seq);
	}

	#inputs(inputs: readonly string[]): void {
		this.#varint(inputs.length);
		for (const input of inputs) this.#value(input);
	}

	#begin(op: number, now: number): void {
		this.#byte(op);
		this.#varint(now - this.#now);
		this.#now = now;
		this.#events += 1;
	}

	#task(task: ReadyTask): void {
		this.#seqStep(task.seq);
		this.#order = this.#step(task.order, this.#order);
		for (const name of TASK_FIELDS) this.#value(task[name]);
	}

	#seqStep(seq: number): void {
		this.#seq = this.#step(seq, this.#seq);
	}

	/** Whole numbers as the step from the last one, others as they are; returns what the next step is from. */
	#step(n: number, last: number): number {
		if (!Number.isSafeInteger(n) || Object.is(n, -0) || Math.abs(n - last) > MOST_INTEGER) {
			this.#float(n);
			return last;
		}
		this.#number(n - last);
		return n;
	}

	#value(value: unknown): void {
		if (typeof value === 'string') this.#interned(value, this.#strings, TAG.string);
		else if (typeof value === 'number') this.#number(value);
		else if (typeof value === 'boolean') this.#byte(value ? TAG.true : TAG.false);
		else if (value === null) this.#byte(TAG.null);
		else if (typeof value === 'object') this.#object(value);
		else this.#byte(TAG.undefined);
	}

	/** What a task's field holds never changes, and is mostly the very same object, such as a type's needs: then no text is made. */
	#object(value: object): void {
		const known = this.#objects.get(value);
		if (known !== undefined) {
			this.#reference(known);
			return;
		}
		const text = JSON.stringify(value);
		this.#interned(text, this.#texts, TAG.json);
		this.#objects.set(value, this.#texts.get(text)!);
	}

	#interned(text: string, table: Map<string, number>, tag: number): void {
		const known = table.get(text);
		if (known !== undefined) {
			this.#reference(known);
			return;
		}
		table.set(text, this.#entries);
		this.#entries += 1;
		this.#byte(tag);
		const length = Buffer.byteLength(text);
		this.#varint(length);
		this.#room(length);
		this.#bytes.write(text, this.#at);
		this.#at += length;
	}

	#reference(entry: number): void {
		if (entry <= MOST_NEAR) this.#byte(TAG.nearReference + entry);
		else {
			this.#byte(TAG.reference);
			this.#varint(entry);
		}
	}

	#number(n: number): void {
		if (!Number.isSafeInteger(n) || Object.is(n, -0) || Math.abs(n) > MOST_INTEGER) this.#float(n);
		else if (n >= 0 && n <= MOST_SMALL) this.#byte(TAG.small + n);
		else {
			this.#byte(TAG.integer);
			this.#varint(n >= 0 ? n * 2 : n * -2 - 1);
		}
	}

	#float(n: number): void {
		this.#byte(TAG.float);
		this.#at = this.#bytes.writeDoubleLE(n, this.#at);
	}

	#varint(n: number): void {
		this.#room(0);
		let rest = n;
		// Beyond 31 bits only division is exact.
		while (rest > 0x7fffffff) {
			this.#bytes[this.#at++] = (rest % 128) | 128;
			rest = Math.floor(rest / 128);
		}
		while (rest > 127) {
			this.#bytes[this.#at++] = (rest & 127) | 128;
			rest >>>= 7;
		}
		this.#bytes[this.#at++] = rest;
	}

	#byte(byte: number): void {
		this.#room(0);
		this.#bytes[this.#at++] = byte;
	}

	#room(bytes: number): void {
		if (this.#at + bytes + MARGIN <= this.#bytes.length) return;
		const larger = Buffer.allocUnsafe(Math.max(this.#bytes.length * 2, this.#at + bytes + 1_024));
		this.#bytes.copy(larger, 0, 0, this.#at);
		this.#bytes = larger;
	}
}
