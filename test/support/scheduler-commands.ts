import type { NodeOffer } from '../../coordinator/scheduler/node-slots.ts';
import type { ReadyTask } from '../../coordinator/scheduler/ready-task.ts';
import type { QueueRules, Scheduler } from '../../coordinator/scheduler/scheduler.ts';
import type { ClassRules } from '../../coordinator/scheduler/service-class.ts';
import type { TypeCost } from '../../coordinator/scheduler/type-costs.ts';

/** A task with the contents that it works on. */
export interface ModelTask extends ReadyTask {
	inputs: string[];
}

type Act =
	| { do: 'setQueues'; queues: QueueRules[] }
	| { do: 'setClasses'; classes: ClassRules[] }
	| { do: 'learnCosts'; costs: TypeCost[] }
	| { do: 'setNode'; node: NodeOffer }
	| { do: 'removeNode'; id: string }
	| { do: 'enqueue'; task: ModelTask }
	| { do: 'remove'; seq: number }
	| { do: 'restoreLease'; task: ModelTask; node: string }
	| { do: 'release'; seq: number; cost: number | null }
	| { do: 'pick'; limit: number };

/** Something done to a scheduler, so many milliseconds after what came before it. */
export type Command = Act & { after: number };

/** Does it to the real one. */
export const runCommand = (scheduler: Scheduler<ModelTask>, command: Command, now: number): unknown => {
	switch (command.do) {
		case 'setQueues':
			return scheduler.setQueues(command.queues, now);
		case 'learnCosts':
			return scheduler.learnCosts(command.costs);
		case 'setClasses':
			return scheduler.setClasses(command.classes);
		case 'setNode':
			return scheduler.setNode(command.node);
		case 'removeNode':
			return scheduler.removeNode(command.id);
		case 'enqueue':
			return scheduler.enqueue(command.task, now);
		case 'remove':
			return scheduler.remove(command.seq);
		case 'restoreLease':
			return scheduler.restoreLease(command.task, command.node, now);
		case 'release':
			return scheduler.release(command.seq, command.cost, now);
		case 'pick':
			return scheduler.pick(command.limit, now);
	}
};
