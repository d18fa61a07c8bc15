import { CodedError } from '../../shared/coded-error.ts';
import type { Doer } from '../audit/doer.ts';
import type { Ledger } from '../database/ledger.ts';
import { closeDays } from './close-store.ts';
import { foldUsage, readUnfolded } from './fold-store.ts';
import { beginRollups, dropRollups, endRollups, sweepRollups } from './rollup-store.ts';

/** Records folded in one transaction: the writer is held for some 10 ms. */
const PAGE = 2_000;
/** Of each hour of a day so many sums are closed at once: some 20 ms. */
const CLOSED_AT_ONCE = 150;
/** Without a question it is folded when so many records wait, or for so long: the more at once, the less each costs. */
const WORTH_FOLDING = 1_000;
const LONGEST_WAIT_MS = 5_000;

/** Keeps the sums of usage up with its records. Nothing of it happens where tasks are settled. */
export class Rollups {
	readonly #ledger: Ledger;
	readonly #clock: () => number;
	#foldedAt: number;
	/** Something was folded since days were looked at that may be over. */
	#mayClose = true;

	/** `clock`: milliseconds that never go back. */
	constructor(options: { ledger: Ledger; clock?: () => number }) {
		this.#ledger = options.ledger;
		this.#clock = options.clock ?? (() => performance.now());
		this.#foldedAt = this.#clock();
	}

	/** Resolves when all that was metered before is in the sums. */
	async catchUp(): Promise<void> {
		if ((await this.#ledger.read(readUnfolded, null)) > 0) await this.#fold();
	}

	/** Goes on when that is worth it; to be called now and then. */
	async keepUp(): Promise<void> {
		const waiting = await this.#ledger.read(readUnfolded, null);
		const isDue = waiting >= WORTH_FOLDING || this.#clock() - this.#foldedAt >= LONGEST_WAIT_MS;
		if (waiting > 0 && isDue) await this.#fold();
		if (this.#mayClose) await this.#close();
	}

	/** Drops every set but the one that counts. */
	async dropOthers(): Promise<void> {
		await this.#ledger.write(dropRollups, null);
	}

	/** Removes what a set that was dropped has left. */
	async sweep(): Promise<void> {
		while (await this.#ledger.write(sweepRollups, null, { patient: true }));
	}

	/**
	 * Makes another set of sums from all records; from then on it is kept up like the one that counts, to the same record
	 * in the same transaction. Gives its number.
	 */
	async begin(): Promise<number> {
		const generation = await this.#ledger.write(beginRollups, null);
		await this.finish();
		return generation;
	}

	/** Drops a set, or lets it count. Throws `conflict` when another one was begun in its place. */
	async end(generation: number, rebuilt: { by: Doer; now: number } | null): Promise<void> {
		// What is metered meanwhile is folded into both, so that after few rounds they stand at the same record.
		for (let tries = 0; tries < 10; tries++) {
			if (await this.#ledger.write(endRollups, { generation, rebuilt })) return this.sweep();
			await this.finish();
		}
		throw new CodedError('conflict', 'The sums are being made or verified by somebody else too; try again later.');
	}

	/** Makes all sums anew from the records; those that were there count until that is done. */
	async rebuild(by: Doer): Promise<void> {
		await this.end(await this.begin(), { by, now: Date.now() });
	}

	/** Takes in what was metered, and closes the days that are over. */
	async finish(): Promise<void> {
		await this.#fold();
		await this.#close();
	}

	async #fold(): Promise<void> {
		this.#foldedAt = this.#clock();
		this.#mayClose = true;
		while (await this.#ledger.write(foldUsage, { limit: PAGE }, { patient: true }));
	}

	async #close(): Promise<void> {
		this.#mayClose = false;
		while (await this.#ledger.write(closeDays, { limit: CLOSED_AT_ONCE }, { patient: true }));
	}
}
