import type { Ledger } from '../database/ledger.ts';
import type { Logger } from '../report/logger.ts';
import { meterRequests } from './standing-store.ts';

/** People whose requests are metered in one transaction. */
const PAGE = 1_000;

/**
 * Counts what people ask for and meters it now and then. A row for each request would cost more than most requests; what
 * was counted since the last time is lost with a kill, in nobody's disfavour.
 */
export class RequestMeter {
	readonly #ledger: Ledger;
	readonly #logger: Logger;
	#counts = new Map<number, number>();

	constructor(options: { ledger: Ledger; logger: Logger }) {
		this.#ledger = options.ledger;
		this.#logger = options.logger;
	}

	count(ownerSeq: number): void {
		this.#counts.set(ownerSeq, (this.#counts.get(ownerSeq) ?? 0) + 1);
	}

	async flush(): Promise<void> {
		const counts = [...this.#counts];
		this.#counts = new Map();
		while (counts.length > 0) {
			const page = counts.slice(0, PAGE);
			try {
				await this.#ledger.write(meterRequests, { now: Date.now(), counts: page }, { patient: true });
			} catch (error) {
				// Not metered: they count on.
				for (const [ownerSeq, requests] of counts) {
					this.#counts.set(ownerSeq, (this.#counts.get(ownerSeq) ?? 0) + requests);
				}
				throw error;
			}
			counts.splice(0, PAGE);
		}
	}

	async [Symbol.asyncDispose](): Promise<void> {
		await this.flush().catch((error: unknown) => this.#logger.error({ err: error }, 'requests could not be metered'));
	}
}
