import type { Trace } from '../journal/trace.ts';
import type { ReadyTask } from '../scheduler/ready-task.ts';
import { WaitHistogram } from '../scheduler/wait-histogram.ts';
import { type LimitShares, LimitWatch } from './limit-watch.ts';
import type { Outcome } from './outcome.ts';
import type { Tell } from './progress.ts';
import { RecordedRuns } from './recorded-runs.ts';
import { Simulation } from './simulation.ts';
import { Tally } from './tally.ts';
import type { Arrival, Change, World } from './world.ts';

/** Starts after which it is told how far it is: looking at the clock for each would cost more than some decisions. */
const TOLD_EVERY = 200;

/** What can be changed in a period: how things stood at its beginning, and what was done later. */
export interface Circumstances {
	world: World;
	changes: readonly Change[];
}

export type Played = Outcome & { limits: LimitShares };

/** A recorded period, ready to be played as it was or otherwise. */
export class Period {
	readonly from: number;
	readonly to: number;
	readonly recorded: Circumstances;
	readonly #linkGraceMs: number;
	readonly #runs: RecordedRuns;
	readonly #arrivals: readonly Arrival[];
	/** By seq, the contents that tasks worked on, as far as they were known when they started; few have any. */
	readonly #inputs: ReadonlyMap<number, readonly string[]>;

	/** `linkGraceMs`: how long a node may be away before it has lost what it runs. */
	constructor(trace: Trace, linkGraceMs: number) {
		const { from, to, initial } = trace;
		this.#linkGraceMs = linkGraceMs;
		this.from = from;
		this.to = to;
		this.#runs = new RecordedRuns(trace);
		this.#arrivals = this.#runs.arrivals();
		this.#inputs = inputsOf(trace);
		const leases = initial.running.map(({ task, node }) => {
			return { task, node, remainingMs: this.#runs.remainingMs(task) };
		});
		const { queues, classes, nodes, line, costs } = initial;
		this.recorded = { world: { queues, classes, nodes, line, leases, costs }, changes: changesOf(trace) };
	}

	get tasks(): number {
		return this.#runs.size;
	}

	get unended(): number {
		return this.#runs.unended;
	}

	/** Plays it under these circumstances; what has started of all that is there is how far it is. */
	play({ world, changes }: Circumstances, tell: Tell = () => {}): Played {
		const { from, to } = this;
		const tally = new Tally({ from, until: to });
		const watch = new LimitWatch({ from, until: to });
		const runOf = (task: ReadyTask, nth: number) => this.#runs.run(task, nth);
		const returning = this.#runs.returning();
		const simulation = new Simulation({
			...{ at: from, world, runOf, returning },
			inputsOf: ({ seq }) => this.#inputs.get(seq) ?? NONE,
			linkGraceMs: this.#linkGraceMs,
			observers: [tally, watch, this.#progress(tell)],
		});
		watch.watch(simulation.scheduler);
		simulation.scheduler.insight.forecasts.stop();
		simulation.run(to, { arrivals: this.#arrivals, changes });
		return { ...tally.outcome(simulation), limits: watch.shares(to) };
	}

	#progress(tell: Tell): { started(): void } {
		let started = 0;
		return {
			started: () => {
				started += 1;
				if (started % TOLD_EVERY === 0) tell(started / this.tasks);
			},
		};
	}

	/** Median waits by class as they really were. */
	realMedians(): { serviceClass: string; tasks: number; p50Ms: number }[] {
		const waits = new Map<string, WaitHistogram>();
		for (const { task, ms } of this.#runs.realWaits()) {
			let ofClass = waits.get(task.serviceClass);
			if (!ofClass) {
				ofClass = new WaitHistogram();
				waits.set(task.serviceClass, ofClass);
			}
			ofClass.add(ms);
		}
		return [...waits].map(([serviceClass, ofClass]) => {
			return { serviceClass, tasks: ofClass.size, p50Ms: ofClass.quantiles([0.5])[0]! };
		});
	}
}

const NONE: readonly string[] = [];

const inputsOf = ({ initial, starts }: Trace): Map<number, readonly string[]> => {
	const found = new Map<number, readonly string[]>();
	for (const { task, inputs } of initial.running) if (inputs.length > 0) found.set(task.seq, inputs);
	for (const { seq, inputs } of starts) if (inputs.length > 0) found.set(seq, inputs);
	return found;
};

const changesOf = ({ changes, removals, alterations }: Trace): Change[] => {
	const altered = alterations.map(({ at, task: { seq, serviceClass, boosted, routingKey } }): Change => {
		return { at, do: 'alter', seq, as: { serviceClass, boosted, routingKey } };
	});
	const removed = removals.map(({ at, seq }): Change => ({ at, do: 'remove', seq }));
	return [...altered, ...removed, ...changes.map(changeOf)].sort((a, b) => a.at - b.at);
};

const changeOf = (change: Trace['changes'][number]): Change => {
	const { at } = change;
	switch (change.what) {
		case 'queues':
			return { at, do: 'setQueues', queues: change.queues };
		case 'classes':
			return { at, do: 'setClasses', classes: change.classes };
		case 'node':
			return { at, do: 'setNode', node: change.node };
		case 'node-gone':
			return { at, do: 'removeNode', id: change.id };
	}
};
