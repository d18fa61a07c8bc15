import type { ReadyTask } from '../scheduler/ready-task.ts';
import type { Scheduler } from '../scheduler/scheduler.ts';
import type { Observer } from './observer.ts';

/** The share of a class's waiting in which a limit kept its tasks from starting, by limit; from 0 to 1. */
export type LimitShares = ReadonlyMap<string, { running: number; rate: number; person: number }>;

/** How often it looks, at most, and at how many tasks in line each time. */
const LOOKS = 200;
const MOST_ASKED = 500;

interface Waited {
	all: number;
	running: number;
	rate: number;
	person: number;
}

const KINDS = { 'class-cap': 'running', 'class-rate': 'rate', 'user-cap': 'person' } as const;

/**
 * Looks now and then at what keeps the tasks in line: a limit, or something else. It looks when something has started:
 * whatever could start has then done so, and what is found holds until the next look.
 */
export class LimitWatch<T extends ReadyTask = ReadyTask> implements Observer<T> {
	readonly #everyMs: number;
	readonly #inLine = new Map<number, string>();
	readonly #waited = new Map<string, Waited>();
	#scheduler: Scheduler<T> | null = null;
	/** What the last look found: tasks in line by class. */
	#found = new Map<string, Waited>();
	/** Something has started since, too soon for another look: the next arrival will do. */
	#isStale = false;
	#lookedAt = Number.NEGATIVE_INFINITY;

	constructor({ from, until }: { from: number; until: number }) {
		this.#everyMs = (until - from) / LOOKS;
	}

	watch(scheduler: Scheduler<T>): void {
		this.#scheduler = scheduler;
	}

	arrived({ seq, serviceClass }: T, now: number): void {
		if (this.#isStale && now - this.#lookedAt >= this.#everyMs) this.#look(now);
		this.#inLine.set(seq, serviceClass);
	}

	removed({ seq }: T): void {
		this.#inLine.delete(seq);
	}

	started({ seq }: T, _: string, now: number): void {
		this.#inLine.delete(seq);
		if (now - this.#lookedAt >= this.#everyMs) this.#look(now);
		else this.#isStale = true;
	}

	shares(until: number): LimitShares {
		this.#count(until);
		return new Map(
			[...this.#waited].map(([name, { all, running, rate, person }]) => [
				name,
				{ running: running / all, rate: rate / all, person: person / all },
			]),
		);
	}

	#look(now: number): void {
		this.#count(now);
		this.#lookedAt = now;
		this.#isStale = false;
		this.#found = new Map();
		const step = Math.ceil(this.#inLine.size / MOST_ASKED);
		let at = 0;
		for (const [seq, serviceClass] of this.#inLine) {
			at += 1;
			if (at % step !== 0 || !this.#scheduler?.queuedTask(seq)) continue;
			const limit = this.#scheduler.insight.limit(seq, now);
			const found = entryOf(this.#found, serviceClass);
			found.all += step;
			if (limit !== null) found[KINDS[limit.rule]] += step;
		}
	}

	/** What was found holds until now. */
	#count(now: number): void {
		const ms = now - this.#lookedAt;
		if (!(ms > 0)) return;
		for (const [name, found] of this.#found) {
			const waited = entryOf(this.#waited, name);
			for (const kind of ['all', 'running', 'rate', 'person'] as const) waited[kind] += found[kind] * ms;
		}
	}
}

const entryOf = (all: Map<string, Waited>, name: string): Waited => {
	let one = all.get(name);
	if (!one) {
		one = { all: 0, running: 0, rate: 0, person: 0 };
		all.set(name, one);
	}
	return one;
};
