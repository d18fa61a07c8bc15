import type { LiveSource, LiveState } from '../../../shared/client/live-client.ts';
import type { LivePatch, LiveTopic } from '../../../shared/protocol/live-updates.ts';
import { bridge } from '../remote/bridge.ts';
import { PatchBuffer } from './patch-buffer.ts';

const FLUSH_MS = 250;
const POLL_MS = 15_000;
const MOST_PATCHES = 5_000;

type Listener = (patches: readonly LivePatch[]) => void;

/** What is kept of the server's state. */
export interface CacheSync {
	/** Takes one flush of patches in. */
	apply(patches: readonly LivePatch[]): void;
	/** Updates may have been missed: reads again what is on screen. */
	resync(): void;
}

export interface LiveFeedOptions {
	topics: readonly LiveTopic[];
	sync: CacheSync;
	onState(state: LiveState): void;
}

/** Live updates for one signed-in person: into the cache at most four times a second, by polling when the socket cannot. */
export class LiveFeed implements Disposable {
	readonly #client: LiveSource;
	readonly #sync: CacheSync;
	readonly #buffer: PatchBuffer;
	readonly #listeners = new Set<Listener>();
	readonly #resyncListeners = new Set<() => void>();
	readonly #poll: ReturnType<typeof setInterval>;

	constructor(options: LiveFeedOptions) {
		this.#sync = options.sync;
		this.#buffer = new PatchBuffer({
			clock: {
				now: () => performance.now(),
				after: (ms, act) => {
					const timer = setTimeout(act, ms);
					return () => clearTimeout(timer);
				},
			},
			everyMs: FLUSH_MS,
			most: MOST_PATCHES,
			onFlush: (patches) => this.#take(patches),
			onOverflow: () => this.#resync(),
		});
		this.#client = bridge.openLive({
			topics: options.topics,
			onPatch: (patch) => this.#buffer.add(patch),
			onResync: () => this.#resync(),
			onState: options.onState,
		});
		this.#poll = setInterval(() => this.#pollIfDeaf(), POLL_MS);
		document.addEventListener('visibilitychange', this.#onVisibility);
		this.#onVisibility();
	}

	/** Hears what comes in, after the cache has; the answer ends that. */
	onPatches(listener: Listener): () => void {
		this.#listeners.add(listener);
		return () => this.#listeners.delete(listener);
	}

	/** Hears that updates may have been missed. */
	onResync(listener: () => void): () => void {
		this.#resyncListeners.add(listener);
		return () => this.#resyncListeners.delete(listener);
	}

	[Symbol.dispose](): void {
		clearInterval(this.#poll);
		document.removeEventListener('visibilitychange', this.#onVisibility);
		this.#buffer.clear();
		this.#client[Symbol.dispose]();
	}

	readonly #onVisibility = (): void => {
		if (document.hidden) this.#buffer.pause();
		else this.#buffer.resume();
	};

	#take(patches: readonly LivePatch[]): void {
		this.#sync.apply(patches);
		for (const listener of this.#listeners) listener(patches);
	}

	#resync(): void {
		this.#sync.resync();
		for (const listener of this.#resyncListeners) listener();
	}

	#pollIfDeaf(): void {
		if (!document.hidden && this.#client.state !== 'live') this.#resync();
	}
}
