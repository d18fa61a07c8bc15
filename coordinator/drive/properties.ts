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

/** How an entry is named in what `of` gives. */
export const bearerKey = ({ kind, seq }: PropertyBearer): string => `${kind} ${seq}`;

/** Properties that clients give to files and folders and that mean something to them only. */
export class Properties {
	readonly #ledger: Ledger;

	constructor(options: { ledger: Ledger }) {
		this.#ledger = options.ledger;
	}

	/** By `bearerKey`; those that have none are left out. */
	async of(entries: readonly PropertyBearer[]): Promise<Map<string, DeadProperty[]>> {
		const found = new Map<string, DeadProperty[]>();
		if (entries.length === 0) return found;
		const asked = entries.map(({ kind, seq }) => ({ kind, seq }));
		for (const { kind, seq, ...property } of await this.#ledger.read(findProperties, asked)) {
			const key = bearerKey({ kind, seq });
			const properties = found.get(key);
			if (properties) properties.push(property);
			else found.set(key, [property]);
		}
		return found;
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
