import type { Lock, Locker, RequestRelease } from '@tus/server';
import { CodedError } from '../../../shared/coded-error.ts';

/** How long a request waits for the one before to let go. */
const PATIENCE_MS = 10_000;

interface Held {
	askToRelease: RequestRelease;
	released: Promise<void>;
	release: () => void;
}

/**
 * One request at a time for each upload. Who comes later asks the holder to let go, because usually that is the same
 * client's dead connection. (The library's own locker spins on the event loop while it waits.)
 */
export class UploadLocks implements Locker {
	readonly #held = new Map<string, Held>();
	readonly #onAsked: (id: string) => void;
	readonly #patienceMs: number;

	/** `onAsked` hears of uploads of which the holder is asked to let go. */
	constructor(onAsked: (id: string) => void, patienceMs = PATIENCE_MS) {
		this.#onAsked = onAsked;
		this.#patienceMs = patienceMs;
	}

	newLock(id: string): Lock {
		let mine: Held | null = null;
		return {
			lock: async (signal, askToRelease) => {
				const giveUp = AbortSignal.any([signal, AbortSignal.timeout(this.#patienceMs)]);
				for (let holder = this.#held.get(id); holder; holder = this.#held.get(id)) {
					this.#onAsked(id);
					await holder.askToRelease();
					await settledOrAborted(holder.released, giveUp);
					if (giveUp.aborted) throw new CodedError('upload-locked', undefined, { retryAfter: 1 });
				}
				let release = (): void => {};
				const released = new Promise<void>((resolve) => {
					release = resolve;
				});
				mine = { askToRelease, released, release };
				this.#held.set(id, mine);
			},
			unlock: async () => {
				if (!mine || this.#held.get(id) !== mine) return;
				this.#held.delete(id);
				mine.release();
			},
		};
	}
}

const settledOrAborted = (promise: Promise<void>, signal: AbortSignal): Promise<void> =>
	new Promise((resolve) => {
		const done = (): void => {
			signal.removeEventListener('abort', done);
			resolve();
		};
		if (signal.aborted) return resolve();
		signal.addEventListener('abort', done, { once: true });
		void promise.then(done);
	});
