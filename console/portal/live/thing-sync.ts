import type { QueryClient } from '@tanstack/react-query';
import type { LivePatch, ThingKind } from '../../../shared/protocol/live-updates.ts';
import { keys } from '../remote/keys.ts';

export type ThingPatch = Extract<LivePatch, { kind: 'thing' }>;

/** Below which name the query cache holds what is about things of a kind. */
const ROOTS: Record<ThingKind, string> = {
	recipe: keys.recipes[0],
	trigger: keys.recipes[0],
	schedule: keys.schedules[0],
	source: keys.sources[0],
	job: keys.jobs[0],
	dataset: keys.datasets[0],
	notice: keys.notices[0],
	webhook: keys.webhooks[0],
};

const EVERY_MS = 1_000;

/** `job_01…` and `job_02…` are of a kind. */
const prefixOf = (id: string): string => id.slice(0, id.indexOf('_') + 1);

/**
 * Reads again what is on screen of things that have changed, at most once a second however often they do; the first time
 * at once. What is not on screen is read when it comes back.
 */
export class ThingSync {
	readonly #cache: QueryClient;
	readonly #everyMs: number;
	/** Ids that changed, by root, while it waits or reads. */
	readonly #waiting = new Map<string, Set<string>>();
	readonly #busy = new Set<string>();

	constructor(cache: QueryClient, everyMs = EVERY_MS) {
		this.#cache = cache;
		this.#everyMs = everyMs;
	}

	apply(patches: readonly ThingPatch[]): void {
		const roots = new Set<string>();
		for (const { what, id } of patches) {
			const root = ROOTS[what];
			roots.add(root);
			this.#waiting.set(root, (this.#waiting.get(root) ?? new Set()).add(id));
		}
		for (const root of roots) if (!this.#busy.has(root)) void this.#read(root);
	}

	async #read(root: string): Promise<void> {
		this.#busy.add(root);
		try {
			for (let ids = this.#take(root); ids !== undefined; ids = this.#take(root)) {
				const paused = new Promise((resolve) => setTimeout(resolve, this.#everyMs));
				await this.#invalidate(root, ids);
				await paused;
			}
		} finally {
			this.#busy.delete(root);
		}
	}

	#take(root: string): ReadonlySet<string> | undefined {
		const ids = this.#waiting.get(root);
		this.#waiting.delete(root);
		return ids;
	}

	/** All below the root but what is about another thing of the same kind: its id is third in the key. */
	#invalidate(root: string, ids: ReadonlySet<string>): Promise<void> {
		const prefixes = new Set([...ids].map(prefixOf));
		const isConcerned = (about: unknown): boolean =>
			typeof about !== 'string' || ids.has(about) || !prefixes.has(prefixOf(about));
		return this.#cache.invalidateQueries({ queryKey: [root], predicate: ({ queryKey }) => isConcerned(queryKey[2]) });
	}
}
