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

	async #wake(): Promise<void> {
		const now = Date.now();
		const [due, over] = await Promise.all([
			this.#ledger.write(wakeDue, { now, limit: AT_ONCE }),
			this.#ledger.write(expireTasks, { now, limit: AT_ONCE }),
		]);
		if (due.queued.length > 0) this.#onQueued(due.queued);
		if (over.ended.length > 0) this.#onEnded(over.ended);
		for (const at of [due.nextDueAt, over.nextExpiryAt]) if (at !== null) this.#later(at);
		this.#later(now + LONGEST_SLEEP_MS);
	}

	/** Like noteDue, from inside a run that still counts as running. */
	#later(at: number): void {
		setImmediate(() => this.noteDue(at));
	}
}
