import type { NodeOffer } from '../scheduler/node-slots.ts';
import type { ReadyTask } from '../scheduler/ready-task.ts';
import type { QueueRules } from '../scheduler/scheduler.ts';
import type { ClassRules } from '../scheduler/service-class.ts';

/** What is needed of the record of a period; the journal's trace has it. Times are wall times in milliseconds. */
export interface Trace {
	from: number;
	to: number;
	initial: {
		queues: readonly QueueRules[];
		classes: readonly ClassRules[];
		nodes: readonly NodeOffer[];
		/** In the order in which they came in line. */
		line: readonly ReadyTask[];
		running: readonly { task: ReadyTask; node: string }[];
	};
	changes: readonly ({ at: number } & (
		| { what: 'queues'; queues: readonly QueueRules[] }
		| { what: 'classes'; classes: readonly ClassRules[] }
		| { what: 'node'; node: NodeOffer }
		| { what: 'node-gone'; id: string }
	))[];
	/** A task that is tried again arrives again. */
	arrivals: readonly Arrived[];
	/** Taken out of line without having run. */
	removals: readonly { at: number; seq: number }[];
	starts: readonly { at: number; seq: number; node: string }[];
	/** `cost` is the time in its slot; null when it was not its owner's doing. */
	ends: readonly { at: number; seq: number; cost: number | null }[];
	restarts: readonly number[];
	gaps: readonly { from: number; to: number }[];
	/** There was more than could be held: it ends before it should. */
	isCut: boolean;
}

interface Arrived {
	at: number;
	task: ReadyTask;
}
