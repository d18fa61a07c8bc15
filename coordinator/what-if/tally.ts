import type { NodeOffer } from '../scheduler/node-slots.ts';
import type { ReadyTask } from '../scheduler/ready-task.ts';
import { WaitHistogram } from '../scheduler/wait-histogram.ts';
import { jain } from './jain.ts';
import { LevelSeries } from './level-series.ts';
import type { Loss, Observer } from './observer.ts';
import type { ClassFigures, Outcome, WaitFigures } from './outcome.ts';
import type { Simulation } from './simulation.ts';
import { SlotUse } from './slot-use.ts';
import type { Change } from './world.ts';

export const BUCKETS = 200;

class Waits {
	readonly all = new WaitHistogram();
	started = 0;

	figures(): WaitFigures {
		const [p50Ms = 0, p90Ms = 0, p95Ms = 0, p99Ms = 0] = this.all.quantiles([0.5, 0.9, 0.95, 0.99]);
		const { size, meanMs, mostMs } = this.all;
		return { tasks: size, started: this.started, p50Ms, p90Ms, p95Ms, p99Ms, meanMs, mostMs };
	}
}

interface OfClass {
	waits: Waits;
	depth: LevelSeries;
	/** By person. */
	costs: Map<number, number>;
}

/** Folds what happens in a simulation into figures as it happens; only tasks in line are remembered. */
export class Tally<T extends ReadyTask = ReadyTask> implements Observer<T> {
	readonly #from: number;
	readonly #until: number;
	readonly #classes = new Map<string, OfClass>();
	readonly #people = new Map<number, Waits>();
	readonly #slots: SlotUse;
	/** Since when what is in line has stood there. */
	readonly #since = new Map<number, { task: T; at: number }>();
	#started = 0;
	#ended = 0;
	#lost = 0;
	#preempted = 0;
	#removed = 0;

	constructor(options: { from: number; until: number; groupOf?: (node: NodeOffer) => string }) {
		this.#from = options.from;
		this.#until = options.until;
		this.#slots = new SlotUse({ groupOf: servedQueues, ...options, buckets: BUCKETS });
	}

	arrived(task: T, now: number): void {
		this.#since.set(task.seq, { task, at: now });
		this.#class(task).depth.add(1, now);
	}

	held(_: T, node: string, now: number): void {
		this.#slots.took(node, now);
	}

	started(task: T, node: string, now: number): void {
		this.#started += 1;
		this.#left(task, now, true);
		this.#slots.took(node, now);
	}

	/** It has waited since it came; where it waits now it is counted. */
	altered(before: T, task: T, now: number): void {
		const at = this.#since.get(task.seq)?.at ?? now;
		this.#since.set(task.seq, { task, at });
		this.#class(before).depth.add(-1, now);
		this.#class(task).depth.add(1, now);
	}

	removed(task: T, now: number): void {
		this.#removed += 1;
		this.#since.delete(task.seq);
		this.#class(task).depth.add(-1, now);
	}

	ended(task: T, node: string, _: number, now: number, cost: number | null): void {
		this.#ended += 1;
		this.#slots.gaveBack(node, now);
		if (cost !== null) this.#charge(task, cost);
	}

	lost(_: T, node: string, __: number, now: number, why: Loss): void {
		if (why === 'node') this.#lost += 1;
		else this.#preempted += 1;
		this.#slots.gaveBack(node, now);
	}

	changed(change: Change, now: number): void {
		this.#slots.changed(change, now);
	}

	/** The figures; what still runs is charged with what it has used so far. */
	outcome(simulation: Simulation<T>): Outcome {
		const neverStarted = this.#since.size;
		for (const { task } of [...this.#since.values()]) this.#left(task, this.#until, false);
		for (const { task, startedAt } of simulation.leases) this.#charge(task, this.#until - startedAt);
		const { groups, used } = this.#slots.figures(this.#until);
		return {
			from: this.#from,
			until: this.#until,
			bucketMs: (this.#until - this.#from) / BUCKETS,
			started: this.#started,
			ended: this.#ended,
			lost: this.#lost,
			preempted: this.#preempted,
			removed: this.#removed,
			neverStarted,
			used,
			classes: [...this.#classes].map(([name, one]) => this.#figuresOf(name, one)).sort(byName),
			people: this.#figuresOfPeople(),
			groups,
		};
	}

	/** Costs of the people of a class, by person. */
	costsOf(serviceClass: string): ReadonlyMap<number, number> {
		return this.#classes.get(serviceClass)?.costs ?? new Map();
	}

	#figuresOf(name: string, { waits, depth, costs }: OfClass): ClassFigures {
		const all = [...costs.values()];
		return {
			name,
			waits: waits.figures(),
			costMs: all.reduce((sum, cost) => sum + cost, 0),
			jain: jain(all),
			people: costs.size,
			depth: depth.means(this.#until),
		};
	}

	#figuresOfPeople(): Outcome['people'] {
		const costs = new Map<number, number>();
		for (const one of this.#classes.values()) {
			for (const [owner, cost] of one.costs) costs.set(owner, (costs.get(owner) ?? 0) + cost);
		}
		return [...this.#people]
			.sort(([a], [b]) => a - b)
			.map(([owner, waits]) => ({ owner, waits: waits.figures(), costMs: costs.get(owner) ?? 0 }));
	}

	#left(task: T, now: number, isStart: boolean): void {
		const waited = now - (this.#since.get(task.seq)?.at ?? now);
		this.#since.delete(task.seq);
		const ofClass = this.#class(task);
		if (isStart) ofClass.depth.add(-1, now);
		let person = this.#people.get(task.owner);
		if (!person) {
			person = new Waits();
			this.#people.set(task.owner, person);
		}
		for (const waits of [ofClass.waits, person]) {
			waits.all.add(waited);
			if (isStart) waits.started += 1;
		}
	}

	#charge(task: T, cost: number): void {
		const { costs } = this.#class(task);
		costs.set(task.owner, (costs.get(task.owner) ?? 0) + cost);
	}

	#class({ serviceClass }: T): OfClass {
		let one = this.#classes.get(serviceClass);
		if (!one) {
			const depth = new LevelSeries(this.#from, this.#until, BUCKETS);
			one = { waits: new Waits(), depth, costs: new Map() };
			this.#classes.set(serviceClass, one);
		}
		return one;
	}
}

const servedQueues = ({ queues }: NodeOffer): string => [...queues].sort().join(' + ') || 'none';

const byName = (a: { name: string }, b: { name: string }): number => (a.name < b.name ? -1 : 1);
