import { Heap } from '../scheduler/heap.ts';
import type { ReadyTask } from '../scheduler/ready-task.ts';
import { Scheduler } from '../scheduler/scheduler.ts';
import { Feed } from './feed.ts';
import type { Loss, Observer } from './observer.ts';
import type { Altered, Arrival, Change, Run, World } from './world.ts';

/** So long a node may be away before it has lost what it runs, where nothing else is said. */
const LINK_GRACE_MS = 10_000;
/** So long after it was asked to, idle-only work has given its slot back: twice as fast as it must. */
const YIELD_MS = 1_000;
/** Whether idle-only work must yield is looked at this often at most: it costs more than a decision does. */
const PREEMPT_EVERY_MS = 250;

export interface SimulationOptions<T extends ReadyTask> {
	at: number;
	world: World<T>;
	/** How the so-many-th run of a task goes, counted from 1. */
	runOf: (task: T, run: number) => Run;
	/** Tasks that arrive more than once by themselves; once they have ended they do not any more. */
	returning?: ReadonlySet<number>;
	/** Names the contents that a task works on; left out: nobody knows, and no node is preferred for them. */
	inputsOf?: (task: T) => readonly string[];
	/** How long a node may be away before it has lost what it runs. */
	linkGraceMs?: number;
	/** Each hears everything, in this order. */
	observers?: readonly Observer<T>[];
}

interface Running<T extends ReadyTask> {
	task: T;
	node: string;
	startedAt: number;
	run: Run;
	over: boolean;
}

type Act<T extends ReadyTask> =
	| { do: 'end'; running: Running<T> }
	| { do: 'arrive'; task: T }
	| { do: 'lose'; node: string; awaySince: number }
	| { do: 'preempt' }
	| { do: 'yield'; running: Running<T> };
interface Event<T extends ReadyTask> {
	at: number;
	/** Makes the order of what happens at one moment the same in every run. */
	order: number;
	act: Act<T>;
}

/**
 * Discrete-event simulation of the scheduler's core: time goes from one event to the next, and what can start starts at
 * once. The same input gives the same run.
 */
export class Simulation<T extends ReadyTask = ReadyTask> {
	readonly scheduler: Scheduler<T>;
	readonly #runOf: SimulationOptions<T>['runOf'];
	readonly #observers: readonly Observer<T>[];
	readonly #events = new Heap<Event<T>>((a, b) => (a.at === b.at ? a.order < b.order : a.at < b.at));
	readonly #running = new Map<number, Running<T>>();
	/** By node, for the day it is lost. */
	readonly #runningOn = new Map<string, Set<Running<T>>>();
	/** Runs so far, of tasks that have had one and may have another. */
	readonly #runs = new Map<number, number>();
	/** Nodes that left, and when. */
	readonly #away = new Map<string, number>();
	/** Removed while they ran or rested: they do not come into line again. */
	readonly #removed = new Set<number>();
	/** Altered while they ran or rested: they come into line again as this. */
	readonly #altered = new Map<number, Altered>();
	readonly #linkGraceMs: number;
	readonly #returning: ReadonlySet<number>;
	/** Of those, the ones that have ended. */
	readonly #done = new Set<number>();
	#order = 0;
	#now: number;
	/** When a class whose rate of starts is used up may start something again. */
	#wakeAt: number | null = null;
	/** There is a class whose work gives its slots back. */
	#mayPreempt = false;
	#nextPreempt = Number.NEGATIVE_INFINITY;
	#isPreemptPlanned = false;

	constructor(options: SimulationOptions<T>) {
		const { at, world, runOf, returning = new Set(), linkGraceMs = LINK_GRACE_MS, observers = [] } = options;
		this.scheduler = new Scheduler<T>({ inputsOf: options.inputsOf ?? (() => []) });
		this.#now = at;
		this.#linkGraceMs = linkGraceMs;
		this.#runOf = runOf;
		this.#returning = returning;
		this.#observers = observers;
		this.scheduler.setQueues(world.queues, at);
		this.#setClasses(world.classes);
		// Before anything is leased: whether a type is a short one decides which slots it takes.
		this.scheduler.learnCosts(world.costs);
		for (const node of world.nodes) this.#change({ at, do: 'setNode', node });
		for (const { task, node, remainingMs } of world.leases) {
			this.scheduler.restoreLease(task, node, at);
			for (const one of this.#observers) one.held?.(task, node, at);
			this.#begin(task, node, { ...this.#nextRun(task), ms: remainingMs });
		}
		for (const task of world.line) this.submit(task);
	}

	get now(): number {
		return this.#now;
	}

	/** Leases that live now. */
	get leases(): Iterable<{ task: T; node: string; startedAt: number }> {
		return this.#running.values();
	}

	/** Puts a task into line now, or at a later moment. */
	submit(task: T, at = this.#now): void {
		if (at > this.#now) this.#plan(at, { do: 'arrive', task });
		else this.#arrive(task);
	}

	/** Lets time go by until then; what comes and changes meanwhile is given in order of time. */
	run(until: number, given: { arrivals?: Iterable<Arrival<T>>; changes?: Iterable<Change> } = {}): void {
		const arrivals = new Feed(given.arrivals ?? []);
		const changes = new Feed(given.changes ?? []);
		this.#fill();
		for (;;) {
			const next = this.#events.peek()?.at ?? Number.POSITIVE_INFINITY;
			const at = Math.min(next, arrivals.at, changes.at, this.#wakeAt ?? Number.POSITIVE_INFINITY);
			if (at > until) break;
			this.#now = Math.max(at, this.#now);
			for (let change = changes.take(at); change; change = changes.take(at)) this.#change(change);
			while ((this.#events.peek()?.at ?? Number.POSITIVE_INFINITY) <= at) this.#happen(this.#events.pop()!.act);
			for (let arrival = arrivals.take(at); arrival; arrival = arrivals.take(at)) this.#arrive(arrival.task);
			this.#fill();
		}
		if (Number.isFinite(until)) this.#now = until;
	}

	#fill(): void {
		for (const { task, node } of this.scheduler.pick(Number.POSITIVE_INFINITY, this.#now)) {
			for (const one of this.#observers) one.started?.(task, node, this.#now);
			this.#begin(task, node, this.#nextRun(task));
		}
		this.#wakeAt = this.scheduler.wakeAt(this.#now);
		this.#preempt();
	}

	#preempt(): void {
		if (!this.#mayPreempt || this.#isPreemptPlanned) return;
		if (this.#now < this.#nextPreempt) {
			this.#isPreemptPlanned = true;
			this.#plan(this.#nextPreempt, { do: 'preempt' });
			return;
		}
		this.#nextPreempt = this.#now + PREEMPT_EVERY_MS;
		for (const { task } of this.scheduler.preempt(Number.POSITIVE_INFINITY, this.#now)) {
			this.#plan(this.#now + YIELD_MS, { do: 'yield', running: this.#running.get(task.seq)! });
		}
	}

	#nextRun(task: T): Run {
		const nth = (this.#runs.get(task.seq) ?? 0) + 1;
		const run = this.#runOf(task, nth);
		if (run.againAfterMs !== null) this.#runs.set(task.seq, nth);
		return run;
	}

	#begin(task: T, node: string, run: Run): void {
		const running: Running<T> = { task, node, startedAt: this.#now, run, over: false };
		this.#running.set(task.seq, running);
		let here = this.#runningOn.get(node);
		if (!here) {
			here = new Set();
			this.#runningOn.set(node, here);
		}
		here.add(running);
		this.#plan(this.#now + run.ms, { do: 'end', running });
	}

	#plan(at: number, act: Act<T>): void {
		this.#order += 1;
		this.#events.push({ at, order: this.#order, act });
	}

	#happen(act: Act<T>): void {
		if (act.do === 'arrive') this.#arriveAgain(act.task);
		else if (act.do === 'end') this.#end(act.running);
		else if (act.do === 'yield') this.#lose(act.running, 'preempted');
		else if (act.do === 'preempt') this.#isPreemptPlanned = false;
		else if (this.#away.get(act.node) === act.awaySince) {
			for (const running of this.#runningOn.get(act.node) ?? []) this.#lose(running, 'node');
		}
	}

	#arriveAgain(task: T): void {
		const altered = this.#altered.get(task.seq);
		this.#arrive(altered ? { ...task, ...altered } : task);
	}

	#arrive(task: T): void {
		const { seq } = task;
		this.#altered.delete(seq);
		if (this.#removed.delete(seq) || this.#done.has(seq)) return;
		if (!this.scheduler.enqueue(task, this.#now)) return;
		for (const one of this.#observers) one.arrived?.(task, this.#now);
	}

	#end(running: Running<T>): void {
		if (running.over) return;
		const { task, node, startedAt, run } = running;
		this.#release(running, run.cost);
		for (const one of this.#observers) one.ended?.(task, node, startedAt, this.#now, run.cost);
		if (run.againAfterMs === null) {
			this.#runs.delete(task.seq);
			this.#removed.delete(task.seq);
			this.#altered.delete(task.seq);
			if (this.#returning.has(task.seq)) this.#done.add(task.seq);
		} else this.submit(task, this.#now + run.againAfterMs);
	}

	/** Back into line, at once and free of charge; the run that it lost does not count. */
	#lose(running: Running<T>, why: Loss): void {
		if (running.over) return;
		const { task, node, startedAt } = running;
		this.#release(running, null);
		for (const one of this.#observers) one.lost?.(task, node, startedAt, this.#now, why);
		const runs = this.#runs.get(task.seq);
		if (runs !== undefined && running.run.againAfterMs !== null) this.#runs.set(task.seq, runs - 1);
		this.#arriveAgain(why === 'node' ? { ...task, avoidNode: node } : task);
	}

	#release(running: Running<T>, cost: number | null): void {
		running.over = true;
		const { task, node } = running;
		this.#running.delete(task.seq);
		const here = this.#runningOn.get(node);
		here?.delete(running);
		if (here?.size === 0) this.#runningOn.delete(node);
		this.scheduler.release(task.seq, cost, this.#now);
	}

	#setClasses(classes: World<T>['classes']): void {
		this.scheduler.setClasses(classes);
		this.#mayPreempt = classes.some(({ idleOnly }) => idleOnly);
	}

	#change(change: Change): void {
		switch (change.do) {
			case 'setQueues':
				this.scheduler.setQueues(change.queues, this.#now);
				break;
			case 'setClasses':
				this.#setClasses(change.classes);
				break;
			case 'setNode':
				this.#away.delete(change.node.id);
				this.scheduler.setNode(change.node);
				break;
			case 'removeNode':
				this.scheduler.removeNode(change.id);
				this.#away.set(change.id, this.#now);
				this.#plan(this.#now + this.#linkGraceMs, { do: 'lose', node: change.id, awaySince: this.#now });
				break;
			case 'alter': {
				const { seq, as } = change;
				const before = this.scheduler.queuedTask(seq);
				if (before) {
					const task = { ...before, ...as };
					this.scheduler.remove(seq);
					this.scheduler.enqueue(task, this.#now);
					for (const one of this.#observers) one.altered?.(before, task, this.#now);
				} else if (this.#running.has(seq) || this.#runs.has(seq)) this.#altered.set(seq, as);
				break;
			}
			case 'remove': {
				const task = this.scheduler.queuedTask(change.seq);
				if (task) {
					this.scheduler.remove(change.seq);
					for (const one of this.#observers) one.removed?.(task, this.#now);
				} else if (this.#running.has(change.seq) || this.#runs.has(change.seq)) this.#removed.add(change.seq);
			}
		}
		for (const one of this.#observers) one.changed?.(change, this.#now);
	}
}
