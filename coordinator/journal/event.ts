import type { NodeOffer } from '../scheduler/node-slots.ts';
import type { Decision, ReadyTask } from '../scheduler/ready-task.ts';
import type { QueueRules } from '../scheduler/scheduler.ts';
import type { ClassRules } from '../scheduler/service-class.ts';
import type { TaskScheduler } from '../scheduler/task-scheduler.ts';

/** One start as it is written down. */
export interface Start {
	seq: number;
	/** Node id. */
	node: string;
}

/** Something that the scheduler was told, and for `pick` what it decided. */
export type SchedulerAct =
	| { do: 'setQueues'; queues: readonly QueueRules[] }
	| { do: 'setClasses'; classes: readonly ClassRules[] }
	| { do: 'setNode'; node: NodeOffer }
	| { do: 'removeNode'; id: string }
	| { do: 'enqueue'; task: ReadyTask }
	| { do: 'remove'; seq: number }
	| { do: 'restoreLease'; task: ReadyTask; node: string }
	| { do: 'release'; seq: number; cost: number | null }
	| { do: 'pick'; limit: number; starts: readonly Start[] };

/** `now` is the scheduler's clock: whole milliseconds since some moment of its epoch. */
export type JournalEvent = SchedulerAct & { now: number };

/** Tells a scheduler the same again; answers what it decided, for `pick`. */
export const replayEvent = (scheduler: TaskScheduler, event: JournalEvent): Decision[] => {
	const { now } = event;
	switch (event.do) {
		case 'setQueues':
			scheduler.setQueues(event.queues, now);
			break;
		case 'setClasses':
			scheduler.setClasses(event.classes);
			break;
		case 'setNode':
			scheduler.setNode(event.node);
			break;
		case 'removeNode':
			scheduler.removeNode(event.id);
			break;
		case 'enqueue':
			scheduler.enqueue(event.task, now);
			break;
		case 'remove':
			scheduler.remove(event.seq);
			break;
		case 'restoreLease':
			scheduler.restoreLease(event.task, event.node, now);
			break;
		case 'release':
			scheduler.release(event.seq, event.cost, now);
			break;
		case 'pick':
			return scheduler.pick(event.limit, now);
	}
	return [];
};
