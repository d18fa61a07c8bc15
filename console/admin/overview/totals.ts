import type { QueueView } from '../../../shared/protocol/queue.ts';

type Doing = Pick<QueueView, 'name' | 'queued' | 'running' | 'oldestAt' | 'inPerSecond' | 'outPerSecond'>;

/** All queues together. */
export const totalsOf = (queues: readonly Doing[]) => {
	const total = { queued: 0, running: 0, inPerSecond: 0, outPerSecond: 0 };
	for (const queue of queues) {
		total.queued += queue.queued;
		total.running += queue.running;
		total.inPerSecond += queue.inPerSecond;
		total.outPerSecond += queue.outPerSecond;
	}
	return total;
};

/** The queue in which a task has stood in line longest, and since when. */
export const oldestOf = (queues: readonly Doing[]): { name: string; at: string } | null => {
	let oldest: { name: string; at: string } | null = null;
	for (const { name, oldestAt } of queues) {
		if (oldestAt !== null && (oldest === null || oldestAt < oldest.at)) oldest = { name, at: oldestAt };
	}
	return oldest;
};
