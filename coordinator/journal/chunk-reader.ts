import type { ReadyTask } from '../scheduler/ready-task.ts';
import { CHUNK_FORMAT, OP, TAG } from './chunk-format.ts';
import type { JournalEvent, Start } from './event.ts';
import { Interned } from './interned.ts';

/** A chunk that is not what the writer writes. */
export class BadChunk extends Error {
	override name = 'BadChunk';
}

/** Reads what {@link ChunkWriter} wrote. Throws BadChunk for anything else. */
export class ChunkReader {
	readonly #bytes: Buffer;
	readonly #table: unknown[] = [];
	readonly #fields: readonly string[];
	readonly #interned: Interned;
	#at = 0;
	#now: number;
	#seq = 0;
	#order = 0;

	/** `interned` has what stood in the chunks before, if they are read together. */
	constructor(bytes: Buffer, fromClock: number, interned = new Interned()) {
		this.#bytes = bytes;
		this.#interned = interned;
		this.#now = fromClock;
		const format = this.#byte();
		if (format !== CHUNK_FORMAT) throw new BadChunk(`the chunk has format ${format}, this build knows ${CHUNK_FORMAT}`);
		this.#fields = this.#value() as string[];
		if (!Array.isArray(this.#fields)) throw new BadChunk('the chunk does not say which fields it has');
	}

	*events(): Generator<JournalEvent> {
		while (this.#at < this.#bytes.length) {
			const op = this.#byte();
			this.#now += this.#varint();
			yield this.#event(op, this.#now);
		}
	}

	#event(op: number, now: number): JournalEvent {
		switch (op) {
			case OP.setQueues:
				return { do: 'setQueues', queues: this.#value() as never, now };
			case OP.setClasses:
				return { do: 'setClasses', classes: this.#value() as never, now };
			case OP.learnCosts:
				return { do: 'learnCosts', costs: this.#value() as never, now };
			case OP.setNode:
				return { do: 'setNode', node: this.#value() as never, now };
			case OP.removeNode:
				return { do: 'removeNode', id: this.#value() as string, now };
			case OP.enqueue:
				return { do: 'enqueue', task: this.#task(), now };
			case OP.remove:
				return { do: 'remove', seq: this.#seqStep(), now };
			case OP.restoreLease:
				return { do: 'restoreLease', task: this.#task(), node: this.#value() as string, inputs: this.#inputs(), now };
			case OP.release:
				return { do: 'release', seq: this.#seqStep(), cost: this.#value() as number | null, now };
			case OP.pick: {
				const limit = this.#value() as number;
				const starts = this.#list(
					(): Start => ({ seq: this.#seqStep(), node: this.#value() as string, inputs: this.#inputs() }),
				);
				return { do: 'pick', limit, starts, now };
			}
			case OP.preempt: {
				const limit = this.#value() as number;
				return { do: 'preempt', limit, asked: this.#list(() => this.#seqStep()), now };
			}
			default:
				throw new BadChunk(`there is no event ${op}`);
		}
	}

	#task(): ReadyTask {
		const seq = this.#seqStep();
		const [order, from] = this.#step(this.#order);
		this.#order = from;
		const task: Record<string, unknown> = { seq, order };
		for (const name of this.#fields) {
			const value = this.#value();
			if (value !== undefined) task[name] = value;
		}
		return task as unknown as ReadyTask;
	}

	#inputs(): string[] {
		return this.#list(() => this.#value() as string);
	}

	#list<E>(one: () => E): E[] {
		const count = this.#varint();
		if (count > this.#bytes.length - this.#at) throw new BadChunk('more entries than there are bytes');
		const list: E[] = [];
		for (let i = 0; i < count; i += 1) list.push(one());
		return list;
	}

	#seqStep(): number {
		const [seq, from] = this.#step(this.#seq);
		this.#seq = from;
		return seq;
	}

	/** The number, and from where the next step is. */
	#step(last: number): [n: number, from: number] {
		const isStep = this.#bytes[this.#at] !== TAG.float;
		const value = this.#value() as number;
		return isStep ? [last + value, last + value] : [value, last];
	}

	#value(): unknown {
		const tag = this.#byte();
		if (tag >= TAG.nearReference) return this.#entry(tag - TAG.nearReference);
		if (tag >= TAG.small) return tag - TAG.small;
		switch (tag) {
			case TAG.null:
				return null;
			case TAG.true:
				return true;
			case TAG.false:
				return false;
			case TAG.undefined:
				return undefined;
			case TAG.integer: {
				const n = this.#varint();
				return n % 2 === 0 ? n / 2 : -(n + 1) / 2;
			}
			case TAG.float: {
				if (this.#at + 8 > this.#bytes.length) throw new BadChunk('the chunk is cut short');
				this.#at += 8;
				return this.#bytes.readDoubleLE(this.#at - 8);
			}
			case TAG.reference:
				return this.#entry(this.#varint());
			case TAG.string:
				return this.#keep(this.#interned.string(this.#text()));
			case TAG.json:
				return this.#keep(this.#json(this.#text()));
			default:
				throw new BadChunk(`there is no value ${tag}`);
		}
	}

	#keep(value: unknown): unknown {
		this.#table.push(value);
		return value;
	}

	#entry(number: number): unknown {
		if (number >= this.#table.length) throw new BadChunk('a reference to what has not been');
		return this.#table[number];
	}

	#text(): string {
		const length = this.#varint();
		const from = this.#at;
		if (from + length > this.#bytes.length) throw new BadChunk('the chunk is cut short');
		this.#at += length;
		return this.#bytes.toString('utf8', from, this.#at);
	}

	#json(text: string): unknown {
		try {
			return this.#interned.json(text);
		} catch (error) {
			throw new BadChunk('an entry that is not JSON', { cause: error });
		}
	}

	#varint(): number {
		let n = 0;
		for (let scale = 1; ; scale *= 128) {
			const byte = this.#byte();
			n += (byte & 127) * scale;
			if (byte < 128) return n;
			if (scale > 2 ** 46) throw new BadChunk('a number without end');
		}
	}

	#byte(): number {
		const byte = this.#bytes[this.#at];
		if (byte === undefined) throw new BadChunk('the chunk is cut short');
		this.#at += 1;
		return byte;
	}
}
