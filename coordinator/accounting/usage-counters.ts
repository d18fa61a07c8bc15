import type { UsageMetric } from '../../shared/protocol/usage-metric.ts';
import type { Ledger } from '../database/ledger.ts';
import { countUsage, readCounters, readUncounted } from './counter-store.ts';
import { type LiveAttempt, usageMetrics } from './usage-metrics.ts';

/** Records counted in one transaction: the writer is held for a few milliseconds. */
const PAGE = 1_000;

/** All that was ever metered, as counters and rates in MServe's form. */
export class UsageCounters {
	readonly #ledger: Ledger;

	constructor(options: { ledger: Ledger }) {
		this.#ledger = options.ledger;
	}

	/** Resolves when all that was metered before is counted. */
	async catchUp(): Promise<void> {
		if ((await this.#ledger.read(readUncounted, null)) > 0) await this.#count();
	}

	/** Goes on when a page waits: whoever asks catches up first, and a commit for a few is worth nothing. */
	async keepUp(): Promise<void> {
		if ((await this.#ledger.read(readUncounted, null)) >= PAGE) await this.#count();
	}

	/** One person's, or, with null, everybody's; `live` are all attempts that go on now. Throws `not-found`. */
	async metrics(owner: string | null, live: readonly LiveAttempt[]): Promise<UsageMetric[]> {
		await this.catchUp();
		const { ownerSeq, counters, stored } = await this.#ledger.read(readCounters, { owner });
		const own = ownerSeq === null ? live : live.filter((one) => one.ownerSeq === ownerSeq);
		return usageMetrics(counters, stored, own);
	}

	async #count(): Promise<void> {
		while (await this.#ledger.write(countUsage, { limit: PAGE }, { patient: true }));
	}
}
