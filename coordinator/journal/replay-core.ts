import type { Decision, ReadyTask } from '../scheduler/ready-task.ts';
import { Scheduler } from '../scheduler/scheduler.ts';
import type { JournalEvent } from './event.ts';

/** A fresh core that is told again what another was told. */
export class ReplayCore {
	readonly #inputs = new Map<number, readonly string[]>();
	readonly scheduler = new Scheduler<ReadyTask>({ inputsOf: ({ seq }) => this.#inputs.get(seq) ?? [] });

	/** Answers what it decided, for `pick` and `preempt`; at most `limit` of it, of which the event says how much there was. */
	apply(event: JournalEvent, limit?: number): Decision[] {
		const { scheduler } = this;
		const { now } = event;
		this.#inputs.clear();
		switch (event.do) {
			case 'setQueues':
				scheduler.setQueues(event.queues, now);
				break;
			case 'setClasses':
				scheduler.setClasses(event.classes);
				break;
			case 'learnCosts':
				scheduler.learnCosts(event.costs);
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
				this.#inputs.set(event.task.seq, event.inputs);
				scheduler.restoreLease(event.task, event.node, now);
				break;
			case 'release':
				scheduler.release(event.seq, event.cost, now);
				break;
			case 'pick':
				for (const { seq, inputs } of event.starts) if (inputs.length > 0) this.#inputs.set(seq, inputs);
				return scheduler.pick(limit ?? event.limit, now);
			case 'preempt':
				return scheduler.preempt(event.limit, now);
		}
		return [];
	}
}
