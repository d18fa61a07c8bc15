import type { NodeOffer } from '../scheduler/node-slots.ts';
import type { Decision, ReadyTask } from '../scheduler/ready-task.ts';
import { type QueueRules, Scheduler } from '../scheduler/scheduler.ts';
import type { ClassRules } from '../scheduler/service-class.ts';
import type { TaskScheduler } from '../scheduler/task-scheduler.ts';
import type { WaitingReason } from '../scheduler/waiting-reason.ts';
import type { Recorder } from './recorder.ts';

/**
 * The scheduler of the running coordinator: the core, with every command and decision written down in the order in which
 * they happened. All rooms drive the core through this, and its clock is whole milliseconds that never go back, so that
 * what is written down is exactly what the core was told.
 */
export class JournaledScheduler<T extends ReadyTask = ReadyTask> implements TaskScheduler<T> {
	readonly #core = new Scheduler<T>();
	readonly #recorder: Recorder;
	#now = 0;

	constructor(recorder: Recorder) {
		this.#recorder = recorder;
	}

	setQueues(queues: readonly QueueRules[], now: number): void {
		const at = this.#tick(now);
		this.#recorder.at(at).plain('setQueues', queues, at);
		this.#core.setQueues(queues, at);
	}

	setClasses(classes: readonly ClassRules[]): void {
		this.#recorder.at(this.#now).plain('setClasses', classes, this.#now);
		this.#core.setClasses(classes);
	}

	setNode(offer: NodeOffer): void {
		this.#recorder.at(this.#now).plain('setNode', offer, this.#now);
		this.#core.setNode(offer);
	}

	removeNode(id: string): void {
		this.#recorder.at(this.#now).plain('removeNode', id, this.#now);
		this.#core.removeNode(id);
	}

	enqueue(task: T, now: number): void {
		const at = this.#tick(now);
		this.#recorder.at(at).enqueue(task, at);
		this.#core.enqueue(task, at);
	}

	remove(seq: number): boolean {
		this.#recorder.at(this.#now).remove(seq, this.#now);
		return this.#core.remove(seq);
	}

	restoreLease(task: T, node: string, now: number): void {
		const at = this.#tick(now);
		this.#recorder.at(at).restoreLease(task, node, at);
		this.#core.restoreLease(task, node, at);
	}

	release(seq: number, cost: number | null, now: number): void {
		const at = this.#tick(now);
		this.#recorder.at(at).release(seq, cost, at);
		this.#core.release(seq, cost, at);
	}

	pick(limit: number, now: number): Decision<T>[] {
		const at = this.#tick(now);
		const decisions = this.#core.pick(limit, at);
		const starts = decisions.map(({ task, node }) => ({ seq: task.seq, node }));
		this.#recorder.at(at).pick(limit, starts, at);
		return decisions;
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

	get running(): number {
		return this.#core.running;
	}

	queuedTask(seq: number): T | undefined {
		return this.#core.queuedTask(seq);
	}

	runningOn(nodeId: string): number {
		return this.#core.runningOn(nodeId);
	}

	explain(seq: number): WaitingReason | null {
		return this.#core.explain(seq);
	}

	#tick(now: number): number {
		this.#now = Math.max(this.#now, Math.floor(now));
		return this.#now;
	}
}
