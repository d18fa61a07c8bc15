import type { NodeOffer } from '../scheduler/node-slots.ts';
import type { ReadyTask } from '../scheduler/ready-task.ts';
import type { QueueRules } from '../scheduler/scheduler.ts';
import type { ClassRules } from '../scheduler/service-class.ts';
import type { TypeCost } from '../scheduler/type-costs.ts';

/** One start as it is written down. */
export interface Start {
	seq: number;
	/** Node id. */
	node: string;
	/** Short names of the contents that it works on, as far as they were known at that moment: they had a say in the node. */
	inputs: readonly string[];
}

/** Something that the scheduler was told, and for `pick` and `preempt` what it decided. */
export type SchedulerAct =
	| { do: 'setQueues'; queues: readonly QueueRules[] }
	| { do: 'setClasses'; classes: readonly ClassRules[] }
	| { do: 'learnCosts'; costs: readonly TypeCost[] }
	| { do: 'setNode'; node: NodeOffer }
	| { do: 'removeNode'; id: string }
	| { do: 'enqueue'; task: ReadyTask }
	| { do: 'remove'; seq: number }
	| { do: 'restoreLease'; task: ReadyTask; node: string; inputs: readonly string[] }
	| { do: 'release'; seq: number; cost: number | null }
	| { do: 'pick'; limit: number; starts: readonly Start[] }
	/** `asked`: seqs of what was to be given back. */
	| { do: 'preempt'; limit: number; asked: readonly number[] };

/** `now` is the scheduler's clock: whole milliseconds since some moment of its epoch. */
export type JournalEvent = SchedulerAct & { now: number };
