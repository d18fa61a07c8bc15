import type { EveryonesKind, EveryonesThing, ThingState } from '../../shared/protocol/everyones-thing.ts';
import type { Ledger } from '../database/ledger.ts';
import { pageBySeq, readSeqCursor } from '../database/seq-cursor.ts';
import { type EveryonesRow, listEveryones } from './everyones-store.ts';

const instant = (ms: number | null): string | null => (ms === null ? null : new Date(ms).toISOString());

/** What everybody has made that goes on by itself: for those who oversee it. */
export class EveryonesThings {
	readonly #ledger: Ledger;

	constructor(ledger: Ledger) {
		this.#ledger = ledger;
	}

	/** One page, the newest first. `named`: owners' names may be told. Throws `bad-cursor`. */
	async list(
		kind: EveryonesKind,
		wish: {
			limit: number;
			cursor?: string | undefined;
			text?: string | undefined;
			owner?: string | undefined;
			state?: ThingState | undefined;
		},
		named: boolean,
	): Promise<{ items: EveryonesThing[]; nextCursor: string | null }> {
		const { limit, cursor, text, owner = null, state = null } = wish;
		const rows = await this.#ledger.read(listEveryones, {
			...{ kind, limit, owner, state },
			before: readSeqCursor(cursor),
			text: text === undefined ? null : text.toLowerCase(),
		});
		return pageBySeq(rows, limit, ({ seq: _, createdAt, lastAt, nextAt, ownerName, ...row }: EveryonesRow) => ({
			...row,
			kind,
			// Of an address outside where it leads alone: the rest of it may be a secret.
			about: kind === 'webhook' ? new URL(row.about).origin : row.about,
			ownerName: named ? ownerName : null,
			createdAt: new Date(createdAt).toISOString(),
			lastAt: instant(lastAt),
			nextAt: instant(nextAt),
		}));
	}
}
