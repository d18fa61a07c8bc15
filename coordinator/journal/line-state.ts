import type { NodeOffer } from '../scheduler/node-slots.ts';
import type { ReadyTask } from '../scheduler/ready-task.ts';
import type { QueueRules } from '../scheduler/scheduler.ts';
import type { ClassRules } from '../scheduler/service-class.ts';
import { COSTS_REMEMBERED, type TypeCost } from '../scheduler/type-costs.ts';
import type { JournalEvent } from './event.ts';

/** A task that runs. */
export interface RunningTask {
	task: ReadyTask;
	/** Node id. */
	node: string;
	inputs: readonly string[];
}

/** What the scheduler held at a moment of its journal: what can be told without deciding anything. */
export class LineState {
	queues: readonly QueueRules[] = [];
	classes: readonly ClassRules[] = [];
	/** Connected nodes by id. */
	readonly nodes = new Map<string, NodeOffer>();
	/** Tasks in line by seq. */
	readonly line = new Map<number, ReadyTask>();
	/** Leases by the task's seq. */
	readonly running = new Map<number, RunningTask>();
	/** The newest costs by type, oldest first. */
	readonly #costs = new Map<string, number[]>();

	apply(event: JournalEvent): void {
		switch (event.do) {
			case 'setQueues':
				this.queues = event.queues;
				break;
			case 'setClasses':
				this.classes = event.classes;
				break;
			case 'setNode':
				this.nodes.set(event.node.id, event.node);
				break;
			case 'removeNode':
				this.nodes.delete(event.id);
				break;
			case 'enqueue':
				if (this.canEnter(event.task.seq)) this.line.set(event.task.seq, event.task);
				break;
			case 'remove':
				this.line.delete(event.seq);
				break;
			case 'restoreLease':
				this.line.delete(event.task.seq);
				this.running.set(event.task.seq, { task: event.task, node: event.node, inputs: event.inputs });
				break;
			case 'release': {
				const type = this.running.get(event.seq)?.task.type;
				if (type !== undefined && event.cost !== null) this.#learn({ type, cost: event.cost });
				this.running.delete(event.seq);
				break;
			}
			case 'pick':
				for (const { seq, node, inputs } of event.starts) {
					const task = this.line.get(seq);
					if (!task) continue; // it came in line in what is missing
					this.line.delete(seq);
					this.running.set(seq, { task, node, inputs });
				}
				break;
			case 'learnCosts':
				for (const one of event.costs) this.#learn(one);
				break;
			case 'preempt':
				break; // tells nothing of the line
			default:
				event satisfies never;
		}
	}

	/** What the scheduler goes by of what tasks have cost; oldest first within a type. */
	get costs(): TypeCost[] {
		return [...this.#costs].flatMap(([type, costs]) => costs.map((cost) => ({ type, cost })));
	}

	/** What is in line or runs already is not put in line once more. */
	canEnter(seq: number): boolean {
		return !this.line.has(seq) && !this.running.has(seq);
	}

	#learn({ type, cost }: TypeCost): void {
		const costs = this.#costs.get(type);
		if (!costs) this.#costs.set(type, [cost]);
		else if (costs.push(cost) > COSTS_REMEMBERED) costs.shift();
	}
}
