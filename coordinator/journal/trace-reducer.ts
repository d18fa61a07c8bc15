import type { JournalEvent } from './event.ts';
import type { JournalPart } from './journal-reader.ts';
import { LineState } from './line-state.ts';
import type { Trace, TraceChange } from './trace.ts';

type Mutable<T> = { -readonly [K in keyof T]: T[K] extends readonly (infer E)[] ? E[] : T[K] };

/** What is altered in line is taken out and put in again at once; the clock may tick in between. */
const ALTERED_WITHIN_MS = 10;

/**
 * Makes a trace of the journal's parts. A coordinator that starts tells its core everything again: what that core knows
 * by its first decision is compared with what its predecessor knew, and only the differences are events.
 */
export class TraceReducer {
	readonly #from: number;
	readonly #to: number;
	readonly #most: number;
	#state = new LineState();
	/** What the predecessor knew, until the new epoch has made its first decision. */
	#before: LineState | null = null;
	#initial: Trace['initial'] | null = null;
	/** By the event before this one a task was taken out of line. */
	#takenOut: { seq: number; at: number } | null = null;
	#entries = 0;
	#lastAt: number;
	#isCut = false;
	readonly #lists: Mutable<Omit<Trace, 'from' | 'to' | 'initial' | 'isCut'>> = {
		changes: [],
		arrivals: [],
		alterations: [],
		removals: [],
		starts: [],
		ends: [],
		restarts: [],
		gaps: [],
	};

	constructor(options: { from: number; to: number; most: number }) {
		this.#from = options.from;
		this.#to = options.to;
		this.#most = options.most;
		this.#lastAt = options.from;
	}

	/** False when the rest of the journal is of no use. */
	take(part: JournalPart): boolean {
		switch (part.kind) {
			case 'begin':
				if (this.#initial) this.#lists.restarts.push(part.at);
				this.#before = this.#state;
				this.#state = new LineState();
				return true;
			case 'gap':
				if (part.to >= this.#from) this.#lists.gaps.push({ from: part.from, to: part.to, lost: part.lost });
				return true;
			default:
				for (const event of part.events) if (!this.#event(event, part.at(event))) return false;
				return true;
		}
	}

	finish(): Trace {
		this.#initial ??= this.#snapshot();
		return {
			from: this.#from,
			to: this.#isCut ? this.#lastAt : this.#to,
			initial: this.#initial,
			...this.#lists,
			isCut: this.#isCut,
		};
	}

	#event(event: JournalEvent, at: number): boolean {
		if (at > this.#to) return false;
		if (this.#before && event.do === 'pick') this.#rebuilt(at);
		if (!this.#initial && at >= this.#from && !this.#before) this.#initial = this.#snapshot();
		if (this.#initial && !this.#before) {
			this.#note(event, at);
			if (this.#entries > this.#most) {
				this.#isCut = true;
				return false;
			}
		}
		this.#lastAt = at;
		this.#state.apply(event);
		return true;
	}

	#note(event: JournalEvent, at: number): void {
		const { arrivals, alterations, removals, starts, ends } = this.#lists;
		const state = this.#state;
		const takenOut = this.#takenOut;
		this.#takenOut = null;
		switch (event.do) {
			case 'setQueues':
				this.#change({ at, what: 'queues', queues: event.queues });
				break;
			case 'setClasses':
				this.#change({ at, what: 'classes', classes: event.classes });
				break;
			case 'setNode':
				this.#change({ at, what: 'node', node: event.node });
				break;
			case 'removeNode':
				if (state.nodes.has(event.id)) this.#change({ at, what: 'node-gone', id: event.id });
				break;
			case 'enqueue': {
				const { task } = event;
				if (!state.canEnter(task.seq)) break;
				if (takenOut?.seq === task.seq && at - takenOut.at <= ALTERED_WITHIN_MS) {
					removals.pop();
					alterations.push({ at, task });
				} else arrivals.push({ at, task });
				break;
			}
			case 'remove':
				if (!state.line.has(event.seq)) break;
				removals.push({ at, seq: event.seq });
				this.#takenOut = { seq: event.seq, at };
				break;
			case 'restoreLease': {
				const { task, node, inputs } = event;
				if (state.running.has(task.seq)) break;
				if (!state.line.has(task.seq)) arrivals.push({ at, task });
				starts.push({ at, seq: task.seq, node, inputs });
				break;
			}
			case 'release':
				if (state.running.has(event.seq)) ends.push({ at, seq: event.seq, cost: event.cost });
				break;
			case 'pick':
				for (const start of event.starts) starts.push({ at, ...start });
				break;
			case 'learnCosts':
			case 'preempt':
				break; // nothing came, went or was started by it
			default:
				event satisfies never;
		}
		this.#entries += event.do === 'pick' ? event.starts.length : 1;
	}

	#change(change: TraceChange): void {
		this.#lists.changes.push(change);
	}

	/** The new core knows all that it was to know: what is other than before has happened while nobody wrote. */
	#rebuilt(at: number): void {
		const before = this.#before!;
		const after = this.#state;
		this.#before = null;
		if (!this.#initial) return;
		const { arrivals, removals, starts, ends } = this.#lists;
		this.#change({ at, what: 'queues', queues: after.queues });
		this.#change({ at, what: 'classes', classes: after.classes });
		for (const id of before.nodes.keys()) if (!after.nodes.has(id)) this.#change({ at, what: 'node-gone', id });
		for (const node of after.nodes.values()) this.#change({ at, what: 'node', node });
		const known = (seq: number): boolean => !before.canEnter(seq);
		const knows = (seq: number): boolean => !after.canEnter(seq);
		for (const seq of before.line.keys()) if (!knows(seq)) removals.push({ at, seq });
		for (const seq of before.running.keys()) if (!after.running.has(seq)) ends.push({ at, seq, cost: null });
		for (const [seq, task] of after.line) if (!before.line.has(seq)) arrivals.push({ at, task });
		for (const [seq, { task, node, inputs }] of after.running) {
			if (!known(seq)) arrivals.push({ at, task });
			if (before.running.get(seq)?.node !== node) starts.push({ at, seq, node, inputs });
		}
	}

	#snapshot(): Trace['initial'] {
		const { queues, classes, nodes, line, running, costs } = this.#state;
		return {
			queues,
			classes,
			nodes: [...nodes.values()],
			line: [...line.values()],
			running: [...running.values()],
			costs,
		};
	}
}
