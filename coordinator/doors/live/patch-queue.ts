import type { LiveMessage, LivePatch } from '../../../shared/protocol/live-updates.ts';

/**
 * What one screen is still to be told. Of what changes twice only the latest goes out. Messages are numbered from 1; a
 * number that is left out tells the screen to read again, which is quicker than very many patches.
 */
export class PatchQueue {
	readonly #most: number;
	readonly #waiting = new Map<string, LivePatch>();
	#isOverfull = false;
	/** Number of the last message. */
	seq = 0;

	constructor(most: number) {
		this.#most = most;
	}

	add(patch: LivePatch): void {
		const key = `${patch.kind}:${patch.id}`;
		const before = this.#waiting.get(key);
		if (before && before.version > patch.version) return;
		if (!before && this.#waiting.size >= this.#most) this.#isOverfull = true;
		else this.#waiting.set(key, patch);
	}

	/** There is more to tell than can be told in patches. */
	leaveGap(): void {
		this.#isOverfull = true;
	}

	/** A new subscription: the screen reads everything now. */
	clear(): void {
		this.#waiting.clear();
		this.#isOverfull = false;
	}

	/** The next message; null when there is nothing to tell. */
	take(): LiveMessage | null {
		if (this.#waiting.size === 0 && !this.#isOverfull) return null;
		// The number that never comes.
		if (this.#isOverfull) this.seq += 1;
		this.seq += 1;
		const patches = [...this.#waiting.values()];
		this.clear();
		return { seq: this.seq, patches };
	}
}
