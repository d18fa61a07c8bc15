import type { Ledger } from '../database/ledger.ts';
import {
	changeProperties,
	type DeadProperty,
	findProperties,
	type PropertyBearer,
	type PropertyChange,
	type PropertyGuard,
} from './property-store.ts';

export type { DeadProperty, PropertyBearer, PropertyChange } from './property-store.ts';

/** Properties that clients give to files and folders and that mean something to them only. */
export class Properties {
	readonly #ledger: Ledger;

	constructor(options: { ledger: Ledger }) {
		this.#ledger = options.ledger;
	}

	/**
	 * Those of each of the entries, in their order, of at least one and of no more than one can hold at once: who wants those
	 * of the rest asks again.
	 */
	of(entries: readonly (PropertyBearer | null)[]): Promise<DeadProperty[][]> {
		const asked = entries.map((entry) => entry && { kind: entry.kind, seq: entry.seq });
		return this.#ledger.read(findProperties, asked);
	}

	/** All or none. Throws `locked`, and `property-limit` when it would be too much. */
	async change(
		entry: PropertyBearer,
		changes: readonly PropertyChange[],
		guard: Omit<PropertyGuard, 'now'>,
	): Promise<void> {
		const { kind, seq } = entry;
		await this.#ledger.write(changeProperties, {
			entry: { kind, seq },
			changes,
			guard: { ...guard, now: Date.now() },
		});
	}
}
