import type { Insight } from '../scheduler/insight.ts';
import type { NodeOffer } from '../scheduler/node-slots.ts';
import type { Decision, ReadyTask } from '../scheduler/ready-task.ts';
import { type QueueRules, Scheduler } from '../scheduler/scheduler.ts';
import type { ClassRules } from '../scheduler/service-class.ts';
import type { TaskScheduler } from '../scheduler/task-scheduler.ts';
import type { TypeCost } from '../scheduler/type-costs.ts';
import type { Recorder } from './recorder.ts';

/** Of a content's hash so many letters are enough to tell it from the others; a mix-up costs nothing but a preference. */
const INPUT_NAME = 16;
const NONE: readonly string[] = [];

/** Hears what is put in line and what starts, to count it. */
export interface LineWatch<T> {
	cameIn(task: T): void;
	started(task: T): void;
}

/**
 * The scheduler of the running coordinator: the core, with every command and decision written down in the order in which
 * they happened. All rooms drive the core through this, and its clock is whole milliseconds that never go back, so that
 * what is written down is exactly what the core was told.
 */
export class JournaledScheduler<T extends ReadyTask = ReadyTask> implements TaskScheduler<T> {
	readonly #core: Scheduler<T>;
	readonly #recorder: Recorder;
	/** What the core was told of contents during this command, by the task's seq. */
	readonly #inputs = new Map<number, readonly string[]>();
	readonly #clockNow: () => number;
	readonly #watch: LineWatch<T> | null;
	#now = 0;

	/**
	 * `inputsOf` names the contents that a task works on, as far as they are known. `clock` is the one that the rooms go
	 * by: commands that need no time are written down with it all the same, or they would seem as old as the last that did.
	 */
	constructor(
		recorder: Recorder,
		options: { inputsOf: (task: T) => readonly string[]; clock?: () => number; watch?: LineWatch<T> },
	) {
		const { inputsOf, clock = () => performance.now(), watch = null } = options;
		this.#watch = watch;
		this.#recorder = recorder;
		this.#clockNow = clock;
		this.#core = new Scheduler<T>({
			inputsOf: (task) => {
				const inputs = inputsOf(task);
				if (inputs.length === 0) return inputs;
				const short = inputs.map((input) => input.slice(0, INPUT_NAME));
				this.#inputs.set(task.seq, short);
				return short;
			},
		});
	}

	setQueues(queues: readonly QueueRules[], now: number): void {
		const at = this.#tick(now);
		this.#recorder.at(at).plain('setQueues', queues, at);
		this.#core.setQueues(queues, at);
	}

	setClasses(classes: readonly ClassRules[]): void {
		const at = this.#tick(this.#clockNow());
		this.#recorder.at(at).plain('setClasses', classes, at);
		this.#core.setClasses(classes);
	}

	learnCosts(costs: readonly TypeCost[]): void {
		const at = this.#tick(this.#clockNow());
		this.#recorder.at(at).plain('learnCosts', costs, at);
		this.#core.learnCosts(costs);
	}

	setNode(offer: NodeOffer): void {
		const at = this.#tick(this.#clockNow());
		this.#recorder.at(at).plain('setNode', offer, at);
		this.#core.setNode(offer);
	}

	removeNode(id: string): void {
		const at = this.#tick(this.#clockNow());
		this.#recorder.at(at).plain('removeNode', id, at);
		this.#core.removeNode(id);
	}

	enqueue(task: T, now: number): boolean {
		const at = this.#tick(now);
		this.#recorder.at(at).enqueue(task, at);
		const hasEntered = this.#core.enqueue(task, at);
		if (hasEntered) this.#watch?.cameIn(task);
		return hasEntered;
	}

	remove(seq: number): boolean {
		const at = this.#tick(this.#clockNow());
		this.#recorder.at(at).remove(seq, at);
		return this.#core.remove(seq);
	}

	restoreLease(task: T, node: string, now: number): void {
		const at = this.#tick(now);
		this.#inputs.clear();
		this.#core.restoreLease(task, node, at);
		this.#recorder.at(at).restoreLease(task, node, this.#inputsOf(task.seq), at);
	}

	release(seq: number, cost: number | null, now: number): void {
		const at = this.#tick(now);
		this.#recorder.at(at).release(seq, cost, at);
		this.#core.release(seq, cost, at);
	}

	pick(limit: number, now: number): Decision<T>[] {
		const at = this.#tick(now);
		this.#inputs.clear();
		const decisions = this.#core.pick(limit, at);
		const starts = decisions.map(({ task: { seq }, node }) => ({ seq, node, inputs: this.#inputsOf(seq) }));
		this.#recorder.at(at).pick(limit, starts, at);
		if (this.#watch) for (const { task } of decisions) this.#watch.started(task);
		return decisions;
	}

	preempt(limit: number, now: number): Decision<T>[] {
		const at = this.#tick(now);
		const asked = this.#core.preempt(limit, at);
		this.#recorder.at(at).preempt(
			limit,
			asked.map(({ task }) => task.seq),
			at,
		);
		return asked;
	}

	isYielding(seq: number): boolean {
		return this.#core.isYielding(seq);
	}

	wakeAt(now: number): number | null {
		const at = this.#core.wakeAt(this.#clock(now));
		return at === null ? null : Math.ceil(at);
	}

	route(routingKey: string): string | null {
		return this.#core.route(routingKey);
	}

	queueDepths(): { queue: string; queued: number }[] {
		return this.#core.queueDepths();
	}

	get size(): number {
		return this.#core.size;
	}

	queuedTask(seq: number): T | undefined {
		return this.#core.queuedTask(seq);
	}

	queuedTasks(): Generator<T, void, void> {
		return this.#core.queuedTasks();
	}

	runningOn(nodeId: string): number {
		return this.#core.runningOn(nodeId);
	}

	get insight(): Insight<T> {
		return this.#core.insight;
	}

	#inputsOf(seq: number): readonly string[] {
		return this.#inputs.get(seq) ?? NONE;
	}

	#tick(now: number): number {
		this.#now = this.#clock(now);
		return this.#now;
	}

	/** For those who only ask: the clock as a command would have it. */
	#clock(now: number): number {
		return Math.max(this.#now, Math.floor(now));
	}
}
