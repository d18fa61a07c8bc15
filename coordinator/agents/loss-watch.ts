import type { NodeRegistry } from './node-registry.ts';
import type { NodeSteering } from './node-steering.ts';

/** So many different tasks lost in a row make a node suspect. */
const MOST_LOSSES = 3;
/** What is lost within this time was lost at one blow: a machine that dies with eight tasks has failed once, not eight times. */
const ONE_BLOW_MS = 2_000;

interface Streak {
	tasks: Set<string>;
	lastBlowAt: number;
}

/**
 * Notices nodes that lose what they are given. A loss is a worker that died under a task, or a lease that ended
 * unreported. A success ends the streak; the same task again does not lengthen it, because then the task is the poison.
 */
export class LossWatch {
	readonly #registry: NodeRegistry;
	readonly #steering: NodeSteering;
	readonly #now: () => number;
	readonly #streaks = new Map<string, Streak>();

	constructor(options: { registry: NodeRegistry; steering: NodeSteering; now?: () => number }) {
		this.#registry = options.registry;
		this.#steering = options.steering;
		this.#now = options.now ?? (() => performance.now());
	}

	/** A settlement was accepted. Called thousands of times a second. */
	settled(node: string, task: string, end: 'succeeded' | 'crashed'): void {
		if (end === 'succeeded') {
			if (this.#streaks.size > 0) this.#streaks.delete(node);
		} else this.#add(node, task);
	}

	/** An attempt ended of which the node did not tell. */
	lost(node: string, task: string): void {
		const now = this.#now();
		const streak = this.#streaks.get(node);
		const isSameBlow = streak !== undefined && now - streak.lastBlowAt < ONE_BLOW_MS;
		if (isSameBlow) return;
		this.#add(node, task).lastBlowAt = now;
	}

	#add(node: string, task: string): Streak {
		const streak = this.#streaks.get(node) ?? { tasks: new Set(), lastBlowAt: Number.NEGATIVE_INFINITY };
		// What a suspect node still loses changes nothing; when it may work again it starts with a clean slate.
		if (this.#registry.find(node)?.row.suspectAt !== null) {
			this.#streaks.delete(node);
			return streak;
		}
		this.#streaks.set(node, streak);
		streak.tasks.add(task);
		if (streak.tasks.size < MOST_LOSSES) return streak;
		this.#streaks.delete(node);
		void this.#steering.suspect(node, [...streak.tasks]);
		return streak;
	}
}
