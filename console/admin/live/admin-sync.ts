import type { QueryClient, QueryKey } from '@tanstack/react-query';
import type { HealthView } from '../../../shared/protocol/health.ts';
import type { LivePatch } from '../../../shared/protocol/live-updates.ts';
import type { CacheSync } from '../../kit/live/live-feed.ts';
import { hearOfNodes } from '../nodes/hear-of-nodes.ts';
import { keys } from '../remote/keys.ts';
import { patchHealth } from './patch-health.ts';
import { patchQueues, type QueueList } from './patch-queues.ts';

const REREAD_MS = 2_000;

/** What is read again when something of a kind has changed. Screens that can do better hear the patches themselves. */
const STALE: Partial<Record<LivePatch['kind'], readonly QueryKey[]>> = {
	node: [keys.nodes],
	task: [keys.tasks],
	thing: [keys.things],
};

/**
 * What the console's query cache must learn from patches. Queues and checks are changed in place; the rest of what is on
 * screen is read again, at most every two seconds.
 */
export class AdminSync implements CacheSync {
	readonly #cache: QueryClient;
	readonly #stale = new Map<string, QueryKey>();
	/** A node that comes or goes changes which queues are served, and what the checks say. */
	readonly #nodeStates = new Map<string, string>();
	#timer: ReturnType<typeof setTimeout> | undefined;
	#rereadAt = 0;

	constructor(cache: QueryClient) {
		this.#cache = cache;
	}

	apply(patches: readonly LivePatch[]): void {
		if (hearOfNodes(this.#cache, patches)) this.#outdate(STALE.node ?? []);
		for (const patch of patches) {
			if (patch.kind !== 'node') this.#outdate(STALE[patch.kind] ?? []);
			else if (this.#nodeStates.get(patch.id) !== patch.state) {
				this.#nodeStates.set(patch.id, patch.state);
				this.#outdate([keys.queues, keys.health]);
			}
		}
		this.#patch(patches);
		if (this.#stale.size === 0 || this.#timer !== undefined) return;
		this.#timer = setTimeout(() => this.#reread(), Math.max(0, this.#rereadAt + REREAD_MS - Date.now()));
	}

	/** Reads again what is on screen; what is not is read when it comes back. */
	resync(): void {
		void this.#cache.invalidateQueries({ refetchType: 'active' });
	}

	/** What does not change is left alone: writing it would put off its next reading. */
	#patch(patches: readonly LivePatch[]): void {
		const health = this.#cache.getQueryData<HealthView>(keys.health);
		const checked = health && patchHealth(health, patches);
		if (checked !== health) this.#cache.setQueryData(keys.health, checked);
		const queues = this.#cache.getQueryData<QueueList>(keys.queueList);
		if (queues === undefined) return;
		const { list, isStale } = patchQueues(queues, patches);
		if (list !== queues) this.#cache.setQueryData(keys.queueList, list);
		if (isStale) this.#outdate([keys.queues]);
	}

	#outdate(queryKeys: readonly QueryKey[]): void {
		for (const queryKey of queryKeys) this.#stale.set(queryKey.join(' '), queryKey);
	}

	#reread(): void {
		this.#timer = undefined;
		this.#rereadAt = Date.now();
		const stale = [...this.#stale.values()];
		this.#stale.clear();
		for (const queryKey of stale) void this.#cache.invalidateQueries({ queryKey });
	}
}
