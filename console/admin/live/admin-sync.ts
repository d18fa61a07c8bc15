import type { QueryClient, QueryKey } from '@tanstack/react-query';
import type { LivePatch } from '../../../shared/protocol/live-updates.ts';
import type { CacheSync } from '../../kit/live/live-feed.ts';
import { hearOfNodes } from '../nodes/hear-of-nodes.ts';
import { keys } from '../remote/keys.ts';

const REREAD_MS = 2_000;

/** What is read again when something of a kind has changed. Screens that can do better hear the patches themselves. */
const STALE: Partial<Record<LivePatch['kind'], readonly QueryKey[]>> = {
	node: [keys.nodes],
	task: [keys.tasks, keys.queues],
	thing: [keys.things],
};

/** What the console's query cache must learn from patches: what is on screen is read again, at most every two seconds. */
export class AdminSync implements CacheSync {
	readonly #cache: QueryClient;
	readonly #stale = new Set<LivePatch['kind']>();
	#timer: ReturnType<typeof setTimeout> | undefined;
	#rereadAt = 0;

	constructor(cache: QueryClient) {
		this.#cache = cache;
	}

	apply(patches: readonly LivePatch[]): void {
		if (hearOfNodes(this.#cache, patches)) this.#stale.add('node');
		for (const { kind } of patches) if (kind !== 'node' && STALE[kind] !== undefined) this.#stale.add(kind);
		if (this.#stale.size === 0 || this.#timer !== undefined) return;
		this.#timer = setTimeout(() => this.#reread(), Math.max(0, this.#rereadAt + REREAD_MS - Date.now()));
	}

	/** Reads again what is on screen; what is not is read when it comes back. */
	resync(): void {
		void this.#cache.invalidateQueries({ refetchType: 'active' });
	}

	#reread(): void {
		this.#timer = undefined;
		this.#rereadAt = Date.now();
		const kinds = [...this.#stale];
		this.#stale.clear();
		for (const queryKey of kinds.flatMap((kind) => STALE[kind] ?? [])) void this.#cache.invalidateQueries({ queryKey });
	}
}
