import { CodedError } from '../../shared/coded-error.ts';
import type { Ledger } from '../database/ledger.ts';
import { type Forgotten, forgetUsage } from './forget-store.ts';
import { monthsAfter } from './month.ts';
import { addPurge, type PurgeDue, readPurgeDue, readRecordSums } from './purge-store.ts';
import type { Seals } from './seals.ts';
import { UsageCounters } from './usage-counters.ts';

/** Records that go in one transaction, each out of nine kinds of roll-up: the writer is held for some 20 ms. */
const PAGE = 200;

/**
 * Forgets the records of usage that are old, a sealed day at a time: its seal is made again, what it comes to is written
 * down, then the records go page by page. Each step is a transaction: what was begun goes on at the next call, whatever
 * ended it.
 */
export class Forgetting {
	readonly #ledger: Ledger;
	readonly #seals: Seals;
	readonly #counters: UsageCounters;
	readonly #now: () => number;

	constructor(options: { ledger: Ledger; seals: Seals; now?: () => number }) {
		this.#ledger = options.ledger;
		this.#seals = options.seals;
		this.#counters = new UsageCounters(options);
		this.#now = options.now ?? Date.now;
	}

	/**
	 * All but the records of this month and of so many before it, one at least: they may still be asked for one by one.
	 * Says what went. Throws `wrong-state` when a day is not what was sealed, and leaves it.
	 */
	async forget(months: number, signal: AbortSignal, page = PAGE): Promise<string> {
		await this.#counters.catchUp();
		const before = monthsAfter(this.#now(), -Math.max(1, months));
		let [days, records] = [0, 0];
		while (!signal.aborted) {
			const step: Forgotten = await this.#ledger.write(forgetUsage, { limit: page }, { patient: true });
			if (step === 'busy') return 'nothing went: the sums are being made or verified; it goes on at the next time';
			records += step.records;
			if (!step.done) continue;
			const due = await this.#ledger.read(readPurgeDue, { before });
			if (!due || !(await this.#sumUp(due, before))) break;
			days += 1;
		}
		return `${records} records of usage were forgotten, ${days} days of them summed up`;
	}

	/** False: it has a record of a later time, since the clock was set back; it waits for that. */
	async #sumUp({ seal, previous }: PurgeDue, before: number): Promise<boolean> {
		if (!(await this.#seals.fits(seal, previous))) {
			const day = new Date(seal.day).toISOString().slice(0, 10);
			throw new CodedError(
				'wrong-state',
				`The records of ${day} are not those that were sealed, and stay: coordinator usage verify.`,
			);
		}
		const range = { after: previous?.lastSeq ?? 0, lastSeq: seal.lastSeq };
		const sums = await this.#ledger.read(readRecordSums, range);
		if (sums.some(([at]) => at! >= before)) return false;
		await this.#ledger.write(addPurge, { seal, sums, now: this.#now() }, { patient: true });
		return true;
	}
}
