import type { NodeOffer } from '../../coordinator/scheduler/node-slots.ts';
import type { ReadyTask } from '../../coordinator/scheduler/ready-task.ts';
import type { QueueRules } from '../../coordinator/scheduler/scheduler.ts';
import { plainClass } from '../../coordinator/scheduler/service-class.ts';
import type { Run, World } from '../../coordinator/what-if/world.ts';

/** One object for all tasks that ask for nothing particular, as a type's manifest gives it. */
export const PLAIN_NEEDS = { cores: 1, memoryBytes: 0, hardware: {}, labels: {}, sandbox: 'none' } as const;

export const TASK_TYPES = ['short', 'long'];

export const simulatedNode = (
	id: string,
	concurrency: number,
	more: Partial<NodeOffer> & { hardware?: Record<string, number> } = {},
): NodeOffer => {
	const { hardware = {}, ...offer } = more;
	const memoryBytes = 64 * 2 ** 30;
	return {
		id,
		name: id,
		queues: ['normal'],
		concurrency,
		capabilities: { cores: 64, memoryBytes, hardware, sandbox: 'none', taskTypes: TASK_TYPES, labels: {} },
		accepting: true,
		...offer,
	};
};

/** Takes everything whose key starts with its name. */
export const simulatedQueue = (name: string, paused = false): QueueRules => ({
	name,
	bindingKeys: [`${name}.#`],
	paused,
});

/** A queue `normal`, a class `all`, and these nodes. */
export const simulatedWorld = (nodes: readonly NodeOffer[], more: Partial<World> = {}): World => ({
	queues: [simulatedQueue('normal')],
	classes: [plainClass('all')],
	nodes,
	line: [],
	leases: [],
	costs: [],
	...more,
});

/** Makes tasks with rising numbers. */
export class TaskMaker {
	#seq = 0;

	make(owner: number, at: number, more: Partial<ReadyTask> = {}): ReadyTask {
		this.#seq += 1;
		return {
			seq: this.#seq,
			owner,
			serviceClass: 'all',
			routingKey: 'normal.short',
			priority: 4,
			order: at,
			needs: PLAIN_NEEDS,
			type: 'short',
			avoidNode: null,
			boosted: false,
			...more,
		};
	}
}

/** A run that takes so long, is charged, and is the last. */
export const lasting = (ms: number): Run => ({ ms, cost: ms, againAfterMs: null });
