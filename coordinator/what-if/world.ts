import type { NodeOffer } from '../scheduler/node-slots.ts';
import type { ReadyTask } from '../scheduler/ready-task.ts';
import type { QueueRules } from '../scheduler/scheduler.ts';
import type { ClassRules } from '../scheduler/service-class.ts';
import type { TypeCost } from '../scheduler/type-costs.ts';

/** How things stand at one moment. */
export interface World<T extends ReadyTask = ReadyTask> {
	queues: readonly QueueRules[];
	classes: readonly ClassRules[];
	nodes: readonly NodeOffer[];
	/** Tasks in line, in the order in which they came. */
	line: readonly T[];
	/** What runs, where, and for how much longer. */
	leases: readonly { task: T; node: string; remainingMs: number }[];
	/** What tasks have cost before, oldest first within a type. */
	costs: readonly TypeCost[];
}

/** A task that comes into line. */
export interface Arrival<T extends ReadyTask = ReadyTask> {
	at: number;
	task: T;
}

/** What can be said anew of a task in line, which waits on. */
export type Altered = Pick<ReadyTask, 'serviceClass' | 'boosted' | 'routingKey'>;

/** What somebody did to queues, classes, nodes or a task in line. */
export type Change = { at: number } & (
	| { do: 'setQueues'; queues: readonly QueueRules[] }
	| { do: 'setClasses'; classes: readonly ClassRules[] }
	| { do: 'setNode'; node: NodeOffer }
	| { do: 'removeNode'; id: string }
	| { do: 'remove'; seq: number }
	| { do: 'alter'; seq: number; as: Altered }
);

/** How one run of a task goes once it has a slot. */
export interface Run {
	/** For how long it has the slot. */
	ms: number;
	/** What its people are charged, nearly always the same; null: nothing, it was not their doing. */
	cost: number | null;
	/** After how long it stands in line again; null: it is over for good. */
	againAfterMs: number | null;
}
