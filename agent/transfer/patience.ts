import { setTimeout as pause } from 'node:timers/promises';
import { fullJitterBackoff } from '../../shared/backoff.ts';

const BACKOFF = { firstMs: 200, mostMs: 5_000 };

/** So long fruitless tries are borne with: a slot must not be held for ever by what never comes to an end. */
export const PATIENCE_MS = 120_000;
/** And at least so often it is tried, since one try alone may take longer. */
const LEAST_TRIES = 5;

/** Waits between tries that bring nothing, and knows when that has gone on for long enough. */
export class Patience {
	readonly #mostMs: number;
	#tries = 0;
	#since = performance.now();

	constructor(mostMs: number) {
		this.#mostMs = mostMs;
	}

	/** Something has come of it: the waiting begins anew. */
	renew(): void {
		this.#tries = 0;
		this.#since = performance.now();
	}

	/** Asked after a try that brought nothing. */
	get isOver(): boolean {
		return this.#tries + 1 >= LEAST_TRIES && performance.now() - this.#since > this.#mostMs;
	}

	/** Waits a little before the next try; rejects when the signal is aborted. */
	async pause(signal: AbortSignal): Promise<void> {
		this.#tries += 1;
		await pause(fullJitterBackoff(BACKOFF, this.#tries), undefined, { signal });
	}
}
