import { CodedError } from '../../shared/coded-error.ts';
import type { Ledger } from '../database/ledger.ts';
import type { Logger } from '../report/logger.ts';
import { readUsage, recordTransfer, type Transfer, type UsageRow } from './usage-store.ts';

const LONGEST_MS = 366 * 86_400_000;

export type UsageSum = Omit<UsageRow, 'day' | 'what'>;

/** What people used. Attempts are metered in the transaction that settles them, uploads in the one that stores them. */
export class Accounting {
	readonly #ledger: Ledger;
	readonly #logger: Logger;

	constructor(options: { ledger: Ledger; logger: Logger }) {
		this.#ledger = options.ledger;
		this.#logger = options.logger;
	}

	/** Meters a download after it has ended, with what was really sent; never rejects. */
	async recordTransfer(transfer: Transfer): Promise<void> {
		await this.#ledger.write(recordTransfer, transfer).catch((error: unknown) => {
			this.#logger.error({ err: error, transfer }, 'a transfer could not be metered');
		});
	}

	/**
	 * A person's usage between two instants, by day and kind of work, and the total of exactly these rows. Throws `invalid`
	 * when the period is longer than a year.
	 */
	async read(ownerSeq: number, from: number, to: number): Promise<{ total: UsageSum; items: UsageRow[] }> {
		if (from > to) throw new CodedError('invalid', '`from` lies after `to`.');
		if (to - from > LONGEST_MS)
			throw new CodedError('invalid', 'At most 366 days are summed at once; ask year by year.');
		const items = await this.#ledger.read(readUsage, { ownerSeq, from, to });
		const total = { tasks: 0, cpuMs: 0, wallMs: 0, bytesIn: 0, bytesOut: 0 };
		for (const row of items) for (const key of Object.keys(total) as (keyof UsageSum)[]) total[key] += row[key];
		return { total, items };
	}
}
