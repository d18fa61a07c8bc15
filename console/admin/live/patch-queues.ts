import type { LivePatch } from '../../../shared/protocol/live-updates.ts';
import type { QueueView } from '../../../shared/protocol/queue.ts';

export interface QueueList {
	items: QueueView[];
	nextCursor: string | null;
}

/**
 * The queues as patches say; those that are not newer than what was read are ignored. What no patch tells (who steered
 * it, new queues) makes the list stale: it is to be read again.
 */
export const patchQueues = (list: QueueList, patches: readonly LivePatch[]): { list: QueueList; isStale: boolean } => {
	const told = new Map(patches.flatMap((patch) => (patch.kind === 'queue' ? [[patch.id, patch] as const] : [])));
	if (told.size === 0) return { list, isStale: false };
	let isStale = false;
	let isChanged = false;
	const items = list.items.map((queue) => {
		const patch = told.get(queue.name);
		told.delete(queue.name);
		if (patch === undefined || patch.version <= queue.lookedAt) return queue;
		if (patch.pulse === null) {
			isStale = true;
			return queue;
		}
		const { pulse } = patch;
		if (pulse.paused !== queue.paused || pulse.draining !== queue.draining) isStale = true;
		isChanged = true;
		return { ...queue, ...pulse, lookedAt: patch.version };
	});
	// What is left is not in the list: made since, or gone and forgotten already.
	for (const { pulse } of told.values()) if (pulse !== null) isStale = true;
	return { list: isChanged ? { ...list, items } : list, isStale };
};

/** A list as it was read, which may have been on its way while a patch came: what was looked at later stays. */
export const keepNewer = (read: QueueList, known: QueueList | undefined): QueueList => {
	if (known === undefined) return read;
	const later = new Map(known.items.map((queue) => [queue.name, queue]));
	const items = read.items.map((queue) => {
		const other = later.get(queue.name);
		if (other === undefined || other.lookedAt <= queue.lookedAt) return queue;
		const { queued, running, oldestAt, inPerSecond, outPerSecond, paused, draining, lookedAt } = other;
		return { ...queue, queued, running, oldestAt, inPerSecond, outPerSecond, paused, draining, lookedAt };
	});
	return { ...read, items };
};
