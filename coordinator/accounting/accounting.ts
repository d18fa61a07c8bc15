import type { Ledger } from '../database/ledger.ts';
import type { Logger } from '../report/logger.ts';
import { Rollups } from './rollups.ts';
import { UsageCuts } from './usage-cuts.ts';
import { recordTransfer, type Transfer } from './usage-store.ts';

/** What people used. Attempts are metered in the transaction that settles them, uploads in the one that stores them. */
export class Accounting {
	readonly rollups: Rollups;
	readonly cuts: UsageCuts;
	readonly #ledger: Ledger;
	readonly #logger: Logger;

	constructor(options: { ledger: Ledger; logger: Logger }) {
		this.#ledger = options.ledger;
		this.#logger = options.logger;
		this.rollups = new Rollups(options);
		this.cuts = new UsageCuts({ ...options, rollups: this.rollups });
	}

	/** Meters a download after it has ended, with what was really sent; never rejects. */
	async recordTransfer(transfer: Transfer): Promise<void> {
		await this.#ledger.write(recordTransfer, transfer).catch((error: unknown) => {
			this.#logger.error({ err: error, transfer }, 'a transfer could not be metered');
		});
	}
}
