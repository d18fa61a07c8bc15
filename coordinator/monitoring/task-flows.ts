import type { FailureReason } from '../../shared/protocol/history.ts';
import type { LineWatch } from '../journal/journaled-scheduler.ts';
import type { Lease, OpenTask } from '../queue/open-task.ts';
import type { OnAttemptOver } from '../queue/settlements.ts';
import { FlowMeter } from './flow-meter.ts';

/** Things that are counted apart; beyond that only the sum counts. Nobody makes so many queues or classes. */
const MOST_APART = 1_000;

const failureOf = (end: NonNullable<Parameters<OnAttemptOver>[1]>): FailureReason | null => {
	if (end.state === 'lost') return 'lost';
	return end.state === 'failed' ? end.failure.class : null;
};

/** Hears of all that comes, starts and ends, and counts it by queue, by class, and in all. */
export class TaskFlows implements LineWatch<OpenTask> {
	readonly queues = new Map<string, FlowMeter>();
	readonly classes = new Map<string, FlowMeter>();
	readonly all = new FlowMeter();
	readonly #route: (routingKey: string) => string | null;
	readonly #now: () => number;
	#hasBegun = false;
	/** Told when a task has started for the first time, after waiting so long. */
	onWait: (serviceClass: string, ms: number) => void = () => {};

	constructor(route: (routingKey: string) => string | null, now: () => number = Date.now) {
		this.#route = route;
		this.#now = now;
	}

	/** What is put in line from now on counts; before, all that was there was read from the ledger. */
	begin(): void {
		this.#hasBegun = true;
	}

	cameIn(task: OpenTask): void {
		if (!this.#hasBegun) return;
		for (const meter of this.#of(task)) meter.cameIn();
	}

	started(task: OpenTask): void {
		// `order` is when it came; what comes back after an attempt keeps it.
		const waitMs = task.attempt === 0 ? Math.max(0, this.#now() - task.order) : null;
		for (const meter of this.#of(task)) meter.started(waitMs);
		if (waitMs !== null) this.onWait(task.serviceClass, waitMs);
	}

	/** An attempt is over; null: it was void, and counts for nothing. */
	ended({ task }: Pick<Lease, 'task'>, end: Parameters<OnAttemptOver>[1]): void {
		if (end === null) return;
		const failure = failureOf(end);
		for (const meter of this.#of(task)) meter.ended(failure);
	}

	/** Forgets queues and classes that are not there any more. */
	keep(queues: ReadonlySet<string>, classes: ReadonlySet<string>): void {
		for (const name of this.queues.keys()) if (!queues.has(name)) this.queues.delete(name);
		for (const name of this.classes.keys()) if (!classes.has(name)) this.classes.delete(name);
	}

	#of(task: OpenTask): FlowMeter[] {
		const meters = [this.all];
		const queue = this.#route(task.routingKey);
		const ofQueue = queue === null ? null : meterIn(this.queues, queue);
		if (ofQueue) meters.push(ofQueue);
		const ofClass = meterIn(this.classes, task.serviceClass);
		if (ofClass) meters.push(ofClass);
		return meters;
	}
}

const meterIn = (meters: Map<string, FlowMeter>, name: string): FlowMeter | null => {
	const known = meters.get(name);
	if (known) return known;
	if (meters.size >= MOST_APART) return null;
	const made = new FlowMeter();
	meters.set(name, made);
	return made;
};
