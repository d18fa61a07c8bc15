import type { Ledger } from '../database/ledger.ts';
import type { Logger } from '../report/logger.ts';
import { readReturning } from './node-act-store.ts';
import type { NodeSteering } from './node-steering.ts';

/** However far the next time is: clocks get corrected, machines sleep, and Node's timers end at 2^31 ms. */
const LOOKED_EVERY_MS = 60_000;

/** Gives nodes work again whose time without is over. The ledger knows the times, so that restarts do not matter. */
export class NodeReturns {
	readonly #ledger: Ledger;
	readonly #steering: NodeSteering;
	readonly #logger: Logger;
	#timer: NodeJS.Timeout | null = null;
	#nextAt = Number.POSITIVE_INFINITY;
	#looking: Promise<void> = Promise.resolve();
	#closed = false;

	constructor(options: { ledger: Ledger; steering: NodeSteering; logger: Logger }) {
		this.#ledger = options.ledger;
		this.#steering = options.steering;
		this.#logger = options.logger;
		this.#steering.onUntil = (at) => this.note(at);
		this.note(Date.now());
	}

	/** Some node's time is over then, by the wall clock. */
	note(at: number): void {
		if (this.#closed || at >= this.#nextAt) return;
		this.#nextAt = at;
		if (this.#timer) clearTimeout(this.#timer);
		const wait = Math.min(Math.max(at - Date.now(), 0), LOOKED_EVERY_MS);
		this.#timer = setTimeout(() => this.#look(), wait);
		this.#timer.unref();
	}

	async close(): Promise<void> {
		this.#closed = true;
		if (this.#timer) clearTimeout(this.#timer);
		await this.#looking;
	}

	#look(): void {
		const aimedAt = this.#nextAt;
		this.#nextAt = Number.POSITIVE_INFINITY;
		const now = Date.now();
		// A time that is still ahead is aimed at again, by the clock as it is now.
		this.note(aimedAt > now ? aimedAt : now + LOOKED_EVERY_MS);
		this.#looking = this.#looking
			.then(async () => {
				const { due, nextAt } = await this.#ledger.read(readReturning, now);
				// After a restart nobody else has said this one.
				if (nextAt !== null) this.note(nextAt);
				for (const id of due) await this.#steering.return(id);
			})
			.catch((error: unknown) => {
				this.#logger.error({ err: error }, 'nodes whose time is over could not be read; tried again in a minute');
			});
	}
}
