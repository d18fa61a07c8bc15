import type { LivePatch } from '../../../shared/protocol/live-updates.ts';

/** What the buffer needs of the world, so that tests can be the world. */
export interface BufferClock {
	now(): number;
	/** Calls back once after so many milliseconds; the answer forgets that. */
	after(ms: number, act: () => void): () => void;
}

interface BufferOptions {
	clock: BufferClock;
	/** Least time between two flushes. */
	everyMs: number;
	/** More different things than this in one flush: reading again is cheaper. */
	most: number;
	onFlush(patches: LivePatch[]): void;
	onOverflow(): void;
}

/**
 * Collects patches and hands them on at most every `everyMs`, only the newest of each thing. The first after a quiet
 * while goes at once. While paused (a hidden tab) it only collects; more than `most` become one overflow.
 */
export class PatchBuffer {
	readonly #options: BufferOptions;
	readonly #waiting = new Map<string, LivePatch>();
	#overflowed = false;
	#paused = false;
	#flushedAt = Number.NEGATIVE_INFINITY;
	#forget: (() => void) | null = null;

	constructor(options: BufferOptions) {
		this.#options = options;
	}

	add(patch: LivePatch): void {
		const name = `${patch.kind} ${patch.id}`;
		const waiting = this.#waiting.get(name);
		// Progress changes no version: of equal ones the later counts.
		if (waiting !== undefined && waiting.version > patch.version) return;
		this.#waiting.set(name, patch);
		if (this.#waiting.size > this.#options.most) {
			this.#waiting.clear();
			this.#overflowed = true;
		}
		this.#schedule();
	}

	/** Nothing is handed on until `resume`. */
	pause(): void {
		this.#paused = true;
		this.#forget?.();
		this.#forget = null;
	}

	resume(): void {
		this.#paused = false;
		this.#schedule();
	}

	/** Forgets what waits and hands on nothing more until something new comes. */
	clear(): void {
		this.#forget?.();
		this.#forget = null;
		this.#waiting.clear();
		this.#overflowed = false;
	}

	#schedule(): void {
		if (this.#paused || this.#forget !== null || (this.#waiting.size === 0 && !this.#overflowed)) return;
		const { clock, everyMs } = this.#options;
		const wait = Math.max(0, this.#flushedAt + everyMs - clock.now());
		if (wait === 0) this.#flush();
		else
			this.#forget = clock.after(wait, () => {
				this.#forget = null;
				this.#flush();
			});
	}

	#flush(): void {
		this.#flushedAt = this.#options.clock.now();
		const patches = [...this.#waiting.values()];
		const overflowed = this.#overflowed;
		this.#waiting.clear();
		this.#overflowed = false;
		if (overflowed) this.#options.onOverflow();
		if (patches.length > 0) this.#options.onFlush(patches);
	}
}
