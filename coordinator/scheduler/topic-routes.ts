import { type Binding, TopicMatcher } from './topic-match.ts';

/** Routing keys are the users' choice, so the cache of routes is bounded; the oldest go first. */
const MAX_CACHED = 10_000;

/** Which queue a task goes to. */
export class TopicRoutes {
	#matcher = new TopicMatcher([]);
	#signature = '';
	readonly #cache = new Map<string, string | null>();

	/** Takes the bindings of all queues; false when they are the same as before. */
	setBindings(bindings: readonly Binding[]): boolean {
		const signature = JSON.stringify(bindings.map(({ queue, key }) => [queue, key]));
		if (signature === this.#signature) return false;
		this.#signature = signature;
		this.#matcher = new TopicMatcher(bindings);
		this.#cache.clear();
		return true;
	}

	/** The queue with the most specific matching binding, or null when none matches. */
	route(routingKey: string): string | null {
		const known = this.#cache.get(routingKey);
		if (known !== undefined) return known;
		const queue = this.#matcher.matches(routingKey)[0]?.queue ?? null;
		if (this.#cache.size >= MAX_CACHED) {
			for (const oldest of this.#cache.keys()) {
				this.#cache.delete(oldest);
				break;
			}
		}
		this.#cache.set(routingKey, queue);
		return queue;
	}
}
