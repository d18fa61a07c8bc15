import type { Ledger } from '../database/ledger.ts';
import type { Logger } from '../report/logger.ts';
import { PriceBooks } from './price-books.ts';
import { Rollups } from './rollups.ts';
import { Seals } from './seals.ts';
import { UsageCuts } from './usage-cuts.ts';
import { recordTransfer, type Transfer } from './usage-store.ts';
import { Verification } from './verification.ts';

/** What people used. Attempts are metered in the transaction that settles them, uploads in the one that stores them. */
export class Accounting {
	readonly rollups: Rollups;
	readonly cuts: UsageCuts;
	readonly seals: Seals;
	readonly verification: Verification;
	readonly prices: PriceBooks;
	readonly #ledger: Ledger;
	readonly #logger: Logger;

	constructor(options: { ledger: Ledger; logger: Logger }) {
		this.#ledger = options.ledger;
		this.#logger = options.logger;
		this.rollups = new Rollups(options);
		this.seals = new Seals(options);
		this.verification = new Verification({ ...options, rollups: this.rollups, seals: this.seals });
		this.prices = new PriceBooks(options);
		this.cuts = new UsageCuts({ ...options, rollups: this.rollups });
	}

	/** Meters a download after it has ended, with what was really sent; never rejects. */
	async recordTransfer(transfer: Transfer): Promise<void> {
		await this.#ledger.write(recordTransfer, transfer).catch((error: unknown) => {
			this.#logger.error({ err: error, transfer }, 'a transfer could not be metered');
		});
	}
}
