import type { Ledger } from '../database/ledger.ts';
import type { Logger } from '../report/logger.ts';
import { type DroppedTask, expireTasks, wakeDue } from './open-store.ts';
import type { OpenRow } from './open-task.ts';

const AT_ONCE = 1_000;
/** Timers longer than this are split: Node's own limit is 2^31 ms, and clocks get corrected. */
const LONGEST_SLEEP_MS = 60_000;

/**
 * Wakes what waits on time. Delayed and retrying work stays in the ledger however much of it there is; only the next
 * moment at which something is due is kept here.
 */
export class Timekeeper {
	readonly #ledger: Ledger;
	readonly #logger: Logger;
	readonly #onQueued: (rows: OpenRow[]) => void;
	readonly #onEnded: (tasks: DroppedTask[]) => void;
	#timer: NodeJS.Timeout | null = null;
	#nextAt = Number.POSITIVE_INFINITY;
	#running: Promise<void> | null = null;
	#again = false;
	#stopped = false;

	constructor(options: {
		ledger: Ledger;
		logger: Logger;
		onQueued: (rows: OpenRow[]) => void;
		onEnded: (tasks: DroppedTask[]) => void;
	}) {
		this.#ledger = options.ledger;
		this.#logger = options.logger;
		this.#onQueued = options.onQueued;
		this.#onEnded = options.onEnded;
	}

	/** Something will be due at this time (milliseconds since 1970). */
	noteDue(at: number): void {
		if (at >= this.#nextAt || this.#stopped) return;
		this.#nextAt = at;
		if (this.#timer) clearTimeout(this.#timer);
		this.#timer = setTimeout(() => this.#tick(), Math.min(Math.max(at - Date.now(), 0), LONGEST_SLEEP_MS));
	}

	/** Looks for what is due now, and sets the next alarm. */
	start(): void {
		this.noteDue(Date.now());
	}

	async stop(): Promise<void> {
		this.#stopped = true;
		if (this.#timer) clearTimeout(this.#timer);
		await this.#running;
	}

	#tick(): void {
		this.#nextAt = Number.POSITIVE_INFINITY;
		if (this.#running) {
			// What is due now may have come too late for the look that is under way.
			this.#again = true;
			return;
		}
		this.#running = this.#wake()
			.catch((error: unknown) => {
				this.#logger.error({ err: error }, 'waking due tasks failed; trying again in a second');
				this.noteDue(Date.now() + 1_000);
			})
			.finally(() => {
				this.#running = null;
				if (!this.#again) return;
				this.#again = false;
				this.noteDue(Date.now());
			});
	}

	/** The two stand each for itself: what has been committed is told whatever becomes of the other. */
	async #wake(): Promise<void> {
		const now = Date.now();
		this.#later(now + LONGEST_SLEEP_MS);
		const outcomes = await Promise.allSettled([this.#queueDue(now), this.#endExpired(now)]);
		for (const outcome of outcomes) if (outcome.status === 'rejected') throw outcome.reason;
	}

	async #queueDue(now: number): Promise<void> {
		const { queued, nextDueAt } = await this.#ledger.write(wakeDue, { now, limit: AT_ONCE });
		if (queued.length > 0) this.#onQueued(queued);
		if (nextDueAt !== null) this.#later(nextDueAt);
	}

	async #endExpired(now: number): Promise<void> {
		const { ended, nextExpiryAt } = await this.#ledger.write(expireTasks, { now, limit: AT_ONCE });
		if (ended.length > 0) this.#onEnded(ended);
		if (nextExpiryAt !== null) this.#later(nextExpiryAt);
	}

	/** Like noteDue, from inside a run that still counts as running. */
	#later(at: number): void {
		setImmediate(() => this.noteDue(at));
	}
}
