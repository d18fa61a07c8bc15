import type { Ledger } from '../database/ledger.ts';
import type { Logger } from '../report/logger.ts';
import { meterRequests } from './meter-store.ts';

/** People whose requests are metered in one transaction. */
const PAGE = 1_000;

/**
 * Counts what people ask for and meters it now and then. A row for each request would cost more than most requests; what
 * was counted since the last time is lost with a kill, in nobody's disfavour.
 */
export class RequestMeter {
	readonly #ledger: Ledger;
	readonly #logger: Logger;
	readonly #classOf: (ownerSeq: number) => string;
	#counts = new Map<number, number>();

	/** `classOf`: the service class that somebody is in now. */
	constructor(options: { ledger: Ledger; logger: Logger; classOf: (ownerSeq: number) => string }) {
		this.#ledger = options.ledger;
		this.#logger = options.logger;
		this.#classOf = options.classOf;
	}

	count(ownerSeq: number): void {
		this.#counts.set(ownerSeq, (this.#counts.get(ownerSeq) ?? 0) + 1);
	}

	async flush(): Promise<void> {
		const counts = [...this.#counts];
		this.#counts = new Map();
		while (counts.length > 0) {
			const page = counts
				.slice(0, PAGE)
				.map(([ownerSeq, requests]) => [ownerSeq, this.#classOf(ownerSeq), requests] as const);
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
