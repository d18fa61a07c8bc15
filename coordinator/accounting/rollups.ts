import { CodedError } from '../../shared/coded-error.ts';
import type { Doer } from '../audit/doer.ts';
import type { Ledger } from '../database/ledger.ts';
import { beginRollups, dropRollups, endRollups, foldUsage, readUnfolded, sweepRollups } from './rollup-store.ts';

/** Records folded in one transaction: the writer is held for a few milliseconds. */
const PAGE = 1_000;

/** Keeps the sums of usage up with its records. Nothing of it happens where tasks are settled. */
export class Rollups {
	readonly #ledger: Ledger;

	constructor(options: { ledger: Ledger }) {
		this.#ledger = options.ledger;
	}

	/** Resolves when all that was metered before is in the sums. */
	async catchUp(): Promise<void> {
		if ((await this.#ledger.read(readUnfolded, null)) > 0) await this.#fold();
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
		await this.#fold();
		return generation;
	}

	/** Drops a set, or lets it count. Throws `conflict` when another one was begun in its place. */
	async end(generation: number, rebuilt: { by: Doer; now: number } | null): Promise<void> {
		// What is metered meanwhile is folded into both, so that after few rounds they stand at the same record.
		for (let tries = 0; tries < 10; tries++) {
			if (await this.#ledger.write(endRollups, { generation, rebuilt })) return this.sweep();
			await this.#fold();
		}
		throw new CodedError('conflict', 'The sums are being made or verified by somebody else too; try again later.');
	}

	/** Makes all sums anew from the records; those that were there count until that is done. */
	async rebuild(by: Doer): Promise<void> {
		await this.end(await this.begin(), { by, now: Date.now() });
	}

	async #fold(): Promise<void> {
		while (await this.#ledger.write(foldUsage, { limit: PAGE }, { patient: true }));
	}
}
